// The extension with a stub in place of VS Code and of the client: it starts the server
// that the settings name, again when these change, and says so if it cannot.

const assert = require('node:assert');
const Module = require('node:module');
const { test, beforeEach } = require('node:test');

/** @type {any} */
let state;

class LanguageClient {
	/** @param {string} _id @param {string} _name @param {any} server @param {any} options */
	constructor(_id, _name, server, options) {
		this.server = server;
		this.options = options;
		state.clients.push(this);
	}
	async start() {
		if (state.fails) {
			throw new Error('spawn ENOENT');
		}
		state.running++;
	}
	async stop() {
		state.running--;
	}
}

const vscode = {
	workspace: {
		/** @param {string} section */
		getConfiguration: (section) => ({
			/** @param {string} key @param {any} otherwise */
			get: (key, otherwise) => state.settings[`${section}.${key}`] ?? otherwise,
		}),
		createFileSystemWatcher: () => ({ dispose() {} }),
		/** @param {any} listener */
		onDidChangeConfiguration: (listener) => { state.changed = listener; },
	},
	commands: {
		/** @param {string} name @param {any} run */
		registerCommand: (name, run) => { state.commands[name] = run; },
	},
	window: {
		/** @param {string} message */
		showErrorMessage: (message) => { state.errors.push(message); },
	},
};

const load = /** @type {any} */ (Module)._load;
/** @type {any} */ (Module)._load = (/** @type {string} */ name, /** @type {any[]} */ ...rest) => {
	switch (name) {
	case 'vscode':
		return vscode;
	case 'vscode-languageclient/node':
		return { LanguageClient };
	}
	return load(name, ...rest);
};
const extension = require('../extension');

beforeEach(() => {
	state = { clients: [], running: 0, settings: {}, commands: {}, errors: [] };
});

/** @returns {any} */
const context = () => ({ subscriptions: [] });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('starts toctou lsp for Go files on disk', async () => {
	await extension.activate(context());
	assert.strictEqual(state.clients.length, 1);
	assert.deepStrictEqual(state.clients[0].server, { command: 'toctou', args: ['lsp'] });
	assert.deepStrictEqual(state.clients[0].options.documentSelector, [{ scheme: 'file', language: 'go' }]);
	await extension.deactivate();
	assert.strictEqual(state.running, 0);
});

test('restarts with other settings, and by the command', async () => {
	await extension.activate(context());
	state.settings = { 'toctou.path': '/opt/toctou', 'toctou.flags': ['-strict'] };
	state.changed({ affectsConfiguration: (/** @type {string} */ s) => s === 'toctou' });
	await settled();
	assert.deepStrictEqual(state.clients.at(-1).server, { command: '/opt/toctou', args: ['lsp', '-strict'] });
	state.changed({ affectsConfiguration: () => false });
	await settled();
	assert.strictEqual(state.clients.length, 2);
	await state.commands['toctou.restart']();
	assert.strictEqual(state.clients.length, 3);
	assert.strictEqual(state.running, 1);
	await extension.deactivate();
});

test('says what to do if the server does not start', async () => {
	state.fails = true;
	await extension.activate(context());
	assert.strictEqual(state.errors.length, 1);
	assert.match(state.errors[0], /cannot start "toctou lsp": spawn ENOENT.*toctou\.path/);
	await extension.deactivate();
});

test('contributes what the code uses', () => {
	const { contributes } = require('../package.json');
	assert.deepStrictEqual(contributes.commands.map((c) => c.command), ['toctou.restart']);
	assert.deepStrictEqual(Object.keys(contributes.configuration.properties), ['toctou.path', 'toctou.flags']);
});
