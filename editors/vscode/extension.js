// The extension starts `toctou lsp`, which shows findings and offers their fixes beside
// gopls. All else is in the server.

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');
const { serverOptions, documentSelector, watched, failure } = require('./server');

/** @type {LanguageClient | undefined} */
let client;

/** @returns {import('./server').Settings} */
function settings() {
	const section = vscode.workspace.getConfiguration('toctou');
	return { path: section.get('path', 'toctou'), flags: section.get('flags', []) };
}

async function start() {
	const now = settings();
	const files = vscode.workspace.createFileSystemWatcher(watched);
	const fresh = new LanguageClient('toctou', 'toctou', serverOptions(now), {
		documentSelector,
		synchronize: { fileEvents: files },
	});
	client = fresh;
	try {
		await fresh.start();
	} catch (error) {
		client = undefined;
		files.dispose();
		vscode.window.showErrorMessage(failure(now, error));
	}
}

async function stop() {
	const old = client;
	client = undefined;
	await old?.stop();
}

async function restart() {
	await stop();
	await start();
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
	context.subscriptions.push(
		vscode.commands.registerCommand('toctou.restart', restart),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('toctou')) {
				restart();
			}
		}),
	);
	await start();
}

module.exports = { activate, deactivate: stop };
