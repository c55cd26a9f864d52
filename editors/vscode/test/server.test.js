// A conversation with the real server, by the protocol library that the client of VS
// Code is made of. TOCTOU names the program; otherwise it is built from this repository,
// and where there is no Go the test is skipped.

const assert = require('node:assert');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { test } = require('node:test');
const rpc = require('vscode-languageserver-protocol/node');
const { serverOptions } = require('../server');

/** @param {string} dir */
function program(dir) {
	if (process.env.TOCTOU) {
		return process.env.TOCTOU;
	}
	const file = path.join(dir, 'toctou');
	execFileSync('go', ['build', '-o', file, './cmd/toctou'], { cwd: path.join(__dirname, '../../..') });
	return file;
}

function hasGo() {
	try {
		execFileSync('go', ['version']);
		return true;
	} catch {
		return false;
	}
}

const text = `package conf

import "os"

func Load(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path)
}
`;

test('finds a race in unsaved text and offers its fix', { skip: hasGo() ? false : 'SKIPPED: there is no go command', timeout: 600_000 }, async () => {
	const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'toctou-')));
	const toctou = program(dir);
	fs.writeFileSync(path.join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.25\n');
	const file = path.join(dir, 'conf.go');
	fs.writeFileSync(file, 'package conf\n');
	const uri = pathToFileURL(file).href;

	const { command, args } = serverOptions({ path: toctou, flags: ['-test'] });
	const server = spawn(command, args, { cwd: dir, env: { ...process.env, GOWORK: 'off' } });
	const ended = new Promise((resolve) => server.on('exit', resolve));
	const connection = rpc.createProtocolConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
	const published = new Promise((resolve) => {
		connection.onNotification(rpc.PublishDiagnosticsNotification.type, (p) => {
			if (p.diagnostics.length > 0) {
				resolve(p);
			}
		});
	});
	connection.listen();
	const { capabilities } = await connection.sendRequest(rpc.InitializeRequest.type, {
		processId: process.pid,
		rootUri: pathToFileURL(dir).href,
		capabilities: {
			workspace: { workspaceEdit: { documentChanges: true } },
			textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } },
		},
	});
	assert.deepStrictEqual(capabilities.codeActionProvider, { codeActionKinds: ['quickfix'] });
	connection.sendNotification(rpc.InitializedNotification.type, {});
	connection.sendNotification(rpc.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'go', version: 7, text } });

	const p = /** @type {rpc.PublishDiagnosticsParams} */ (await published);
	assert.strictEqual(p.uri, uri);
	assert.strictEqual(p.version, 7);
	assert.deepStrictEqual(p.diagnostics.map((d) => [d.code, d.range.start.line]), [['statopen', 8]]);
	const actions = await connection.sendRequest(rpc.CodeActionRequest.type, {
		textDocument: { uri },
		range: p.diagnostics[0].range,
		context: { diagnostics: p.diagnostics },
	});
	assert.strictEqual(actions?.length, 1);
	const action = /** @type {rpc.CodeAction} */ (actions[0]);
	const change = /** @type {rpc.TextDocumentEdit} */ (action.edit?.documentChanges?.[0]);
	assert.deepStrictEqual(change.textDocument, { uri, version: 7 });
	assert.match(change.edits.map((e) => 'newText' in e ? e.newText : '').join('\n'), /errors\.Is\(err, os\.ErrNotExist\)/);

	await connection.sendRequest(rpc.ShutdownRequest.type);
	connection.sendNotification(rpc.ExitNotification.type);
	assert.strictEqual(await ended, 0);
	fs.rmSync(dir, { recursive: true });
});
