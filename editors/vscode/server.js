// What does not need VS Code: how the server is started, and for which documents. The
// tests start it in the same way.

/**
 * @typedef {{path: string, flags: string[]}} Settings
 */

/**
 * Returns how to start the server.
 * @param {Settings} settings
 */
function serverOptions(settings) {
	return { command: settings.path || 'toctou', args: ['lsp', ...settings.flags] };
}

// Buffers that were never saved are in no module, and not analyzed.
const documentSelector = [{ scheme: 'file', language: 'go' }];

// What the server does not get as open documents, and has to look at again.
const watched = '**/{*.go,go.mod,go.sum,go.work,.toctou.yml}';

/**
 * Returns what to tell somebody whose server does not start.
 * @param {Settings} settings
 * @param {unknown} error
 */
function failure(settings, error) {
	const reason = error instanceof Error ? error.message : String(error);
	return `toctou: cannot start "${serverOptions(settings).command} lsp": ${reason}. ` +
		'Install toctou, or set toctou.path to the program.';
}

module.exports = { serverOptions, documentSelector, watched, failure };
