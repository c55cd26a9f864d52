package output_test

import (
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
	"github.com/edcacfbd/toctou/internal/severity"
)

// browser returns a headless browser, or skips the test where there is none.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	t.Skip("SKIPPED: there is no Chromium or Chrome in the PATH")
	return ""
}

// several is a report with three findings, of two packages, passes and severities.
func several(t *testing.T) *output.Report {
	r := drawn(t)
	for range 2 {
		f := *r.Findings[0]
		f.Rule, f.Package, f.Severity = "tornwrite", "m/other", severity.High
		f.Reason = finding.Reason{ID: "torn-read", Text: "the package reads it again"}
		f.Message = "os.WriteFile truncates"
		r.Findings = append(r.Findings, &f)
	}
	return r
}

// inBrowser opens a page in a browser, runs the script at its end, and returns what that
// has assigned to result.
func inBrowser[T any](t *testing.T, page, script string, flags ...string) T {
	t.Helper()
	program := browser(t)
	page = strings.Replace(page, "</body>", `<pre id="test-result"></pre><script>{let result;`+script+
		`;document.getElementById("test-result").textContent = JSON.stringify(result)}</script></body>`, 1)
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	args := slices.Concat([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--virtual-time-budget=5000", "--dump-dom",
	}, flags, []string{"file://" + filepath.ToSlash(file)})
	out := dumped(t, program, args)
	m := regexp.MustCompile(`(?s)<pre id="test-result">(.*?)</pre>`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("%s printed no result:\n%s", program, out)
	}
	var result T
	if err := json.Unmarshal([]byte(html.UnescapeString(string(m[1]))), &result); err != nil {
		t.Fatalf("the script has found %q: %v", m[1], err)
	}
	return result
}

// dumped runs the browser and returns what it prints. A browser that a signal kills has
// crashed for a reason of its own, and runs again: Chromium does so now and then where there
// is no D-Bus. One that exits with an error, or crashes each time, fails the test.
func dumped(t *testing.T, program string, args []string) []byte {
	t.Helper()
	for attempt := 1; ; attempt++ {
		var stderr strings.Builder
		cmd := exec.Command(program, args...)
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err == nil {
			return out
		}
		code := cmd.ProcessState.ExitCode() // -1 after a signal, or 128 and the signal by way of a shell
		if crashed := code == -1 || code > 128; !crashed || attempt == 5 {
			t.Fatalf("%s, attempt %d: %v\n%s", program, attempt, err, &stderr)
		}
		t.Logf("%s, attempt %d: %v", program, attempt, err)
	}
}

// TestBrowserFilters checks that the filters show what they are for, and that the page
// requests nothing else, in a real browser.
func TestBrowserFilters(t *testing.T) {
	got := inBrowser[[]string](t, written(t, "html", several(t)), `
		const state = () => Array.from(document.querySelectorAll("article")).filter((a) => a.offsetHeight > 0).length + " in " +
			Array.from(document.querySelectorAll("section.package")).filter((s) => s.offsetHeight > 0).length + ": " +
			document.getElementById("shown").textContent;
		const set = (by, value) => {
			const field = document.querySelector('[data-by="' + by + '"]');
			field.value = value;
			field.dispatchEvent(new Event("input", {bubbles: true}));
			result.push(by + "=" + value + " " + state());
		};
		result = [state()];
		set("severity", "high");
		set("pass", "statopen");
		set("severity", "");
		set("pass", "");
		set("reason", "torn-read");
		set("reason", "");
		set("package", "m");
		set("package", "");
		set("text", "TRUNCATES");
		set("text", "nothing has this text");
		set("text", "");
		result.push(performance.getEntriesByType("resource").length + " requests");`)
	want := []string{
		"3 in 2: 3 of 3 shown",
		"severity=high 2 in 1: 2 of 3 shown",
		"pass=statopen 0 in 0: 0 of 3 shown",
		"severity= 1 in 1: 1 of 3 shown",
		"pass= 3 in 2: 3 of 3 shown",
		"reason=torn-read 2 in 1: 2 of 3 shown",
		"reason= 3 in 2: 3 of 3 shown",
		"package=m 1 in 1: 1 of 3 shown",
		"package= 3 in 2: 3 of 3 shown",
		"text=TRUNCATES 2 in 1: 2 of 3 shown",
		"text=nothing has this text 0 in 0: 0 of 3 shown",
		"text= 3 in 2: 3 of 3 shown",
		"0 requests",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestBrowserKeyboard checks that the keyboard reaches all that can be used or scrolled,
// and that a key opens what is folded.
func TestBrowserKeyboard(t *testing.T) {
	got := inBrowser[map[string]int](t, written(t, "html", several(t)), `
		result = {missed: 0, reached: 0, opened: 0};
		for (const e of document.querySelectorAll("select, input, button, summary, a[href], .source, .diff")) {
			const folded = e.closest("details:not([open])");
			if (folded && e.tagName !== "SUMMARY") folded.open = true;
			e.focus();
			if (document.activeElement === e && e.tabIndex === 0) result.reached++; else result.missed++;
			if (folded && e.tagName === "SUMMARY") {
				e.click(); // what Enter does
				if (e.parentElement.open) result.opened++;
			}
		}`)
	if got["missed"] > 0 || got["reached"] < 10 || got["opened"] < 6 {
		t.Errorf("got %v", got)
	}
}

// TestBrowserWithoutScript checks that all can be read where scripts do not run.
func TestBrowserWithoutScript(t *testing.T) {
	inner := written(t, "html", several(t))
	page := `<!DOCTYPE html><html><body><iframe id="report" sandbox="allow-same-origin" width="1000" height="1000" srcdoc="` + html.EscapeString(inner) + `"></iframe></body></html>`
	got := inBrowser[map[string]any](t, page, `
		result = null;
		document.getElementById("report").addEventListener("load", () => {
			const d = document.getElementById("report").contentDocument;
			const visible = (e) => e.offsetHeight > 0;
			document.getElementById("test-result").textContent = JSON.stringify({
				articles: Array.from(d.querySelectorAll("article")).filter(visible).length,
				sources: Array.from(d.querySelectorAll("article .source mark.use")).filter(visible).length,
				filters: visible(d.getElementById("filter")),
				buttons: d.querySelectorAll("button").length,
			});
		})`)
	if got["articles"] != 3.0 || got["sources"] != 3.0 || got["filters"] != false || got["buttons"] != 0.0 {
		t.Errorf("got %v, want three articles with their sources, and nothing that needs a script", got)
	}
}

// TestBrowserColors checks that text can be read in the light look and the dark one: the
// contrast that the guidelines for accessibility demand (WCAG 2.1, 1.4.3) is 4.5 to 1.
func TestBrowserColors(t *testing.T) {
	const script = `
		const parse = (c) => c.match(/[\d.]+/g).map(Number);
		const light = (c) => {
			const [r, g, b] = parse(c).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const back = (e) => {
			for (; e; e = e.parentElement) {
				const c = getComputedStyle(e).backgroundColor;
				const parts = parse(c);
				if (parts.length === 3 || parts[3] === 1) return c;
			}
			return "rgb(255, 255, 255)";
		};
		result = {background: back(document.body), worst: 100, where: ""};
		for (const d of document.querySelectorAll("details")) d.open = true;
		for (const e of document.querySelectorAll("body *")) {
			const own = Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim() !== "");
			if (!own || e.offsetHeight === 0) continue;
			const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x);
			const contrast = (a + 0.05) / (b + 0.05);
			if (contrast < result.worst) { result.worst = contrast; result.where = e.outerHTML.slice(0, 80); }
		}`
	type look struct {
		Background, Where string
		Worst             float64
	}
	page := written(t, "html", several(t))
	light := inBrowser[look](t, page, script, "--blink-settings=preferredColorScheme=1")
	dark := inBrowser[look](t, page, script, "--blink-settings=preferredColorScheme=0")
	if light.Background == dark.Background {
		t.Errorf("both looks have the background %s", light.Background)
	}
	for name, l := range map[string]look{"light": light, "dark": dark} {
		if l.Worst < 4.5 {
			t.Errorf("%s: contrast %.2f at %s", name, l.Worst, l.Where)
		}
	}
}
