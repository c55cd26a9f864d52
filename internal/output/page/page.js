"use strict";
(function () {
	const form = document.getElementById("filter");
	if (!form) return;
	form.hidden = false;
	form.addEventListener("submit", (e) => e.preventDefault());
	const fields = Array.from(form.querySelectorAll("[data-by]"));
	const articles = Array.from(document.querySelectorAll("article"));
	const apply = () => {
		let shown = 0;
		for (const a of articles) {
			a.hidden = !fields.every((f) => {
				if (f.value === "") return true;
				if (f.dataset.by === "text") return a.textContent.toLowerCase().includes(f.value.toLowerCase());
				return a.dataset[f.dataset.by] === f.value;
			});
			if (!a.hidden) shown++;
		}
		for (const s of document.querySelectorAll("section.package")) {
			s.hidden = !s.querySelector("article:not([hidden])");
		}
		document.getElementById("shown").textContent = shown + " of " + articles.length + " shown";
	};
	form.addEventListener("input", apply);
	apply();
	if (!navigator.clipboard) return;
	for (const p of document.querySelectorAll(".copy")) {
		const b = document.createElement("button");
		b.type = "button";
		b.textContent = "Copy";
		b.addEventListener("click", () => {
			navigator.clipboard.writeText(p.querySelector("code").textContent).then(() => { b.textContent = "Copied"; });
		});
		p.append(b);
	}
})();
