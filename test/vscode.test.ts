// The extension for Visual Studio Code, without the editor: what it starts with its settings is a server that answers, and it knows the
// settings that it declares.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createProtocolConnection,
  type InitializeResult,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import { ensureBuilt } from './build.js';

const FOLDER = resolve('editors/vscode');
const manifest = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
  readonly main: string;
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly commands: readonly { readonly command: string }[];
  };
};

/** What the extension asks of the editor and of the client library. */
const settings = new Map<string, unknown>();
const asked = new Set<string>();
const registered: string[] = [];
interface Started {
  readonly server: { readonly command: string; readonly args: readonly string[] };
  readonly options: { readonly initializationOptions: object };
  stopped: boolean;
}
const started: Started[] = [];
const errors: string[] = [];
let failing = false;
let changed: (change: { affectsConfiguration(name: string): boolean }) => Promise<void> | undefined = () => undefined;

const vscode = {
  commands: { registerCommand: (name: string) => registered.push(name) },
  window: { showErrorMessage: (text: string) => errors.push(text) },
  workspace: {
    getConfiguration: (section: string) => ({
      get(name: string, otherwise: unknown) {
        asked.add(`${section}.${name}`);
        return settings.get(name) ?? otherwise;
      },
    }),
    onDidChangeConfiguration: (listener: typeof changed) => {
      changed = listener;
    },
  },
};
class LanguageClient implements Started {
  stopped = false;
  readonly server: Started['server'];
  readonly options: Started['options'];
  constructor(_id: string, _name: string, server: Started['server'], options: Started['options']) {
    this.server = server;
    this.options = options;
  }
  async start() {
    if (failing) throw new Error('spawn nosuch ENOENT');
    started.push(this);
  }
  async stop() {
    this.stopped = true;
  }
}

type Load = (request: string, ...rest: unknown[]) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;
beforeAll(() => {
  ensureBuilt();
  loader._load = (request, ...rest) =>
    request === 'vscode'
      ? vscode
      : request === 'vscode-languageclient/node'
        ? { LanguageClient }
        : load.call(loader, request, ...rest);
}, 240_000);
afterAll(() => {
  loader._load = load;
});

test('starts the server of the settings, which answers; another setting starts it again', async () => {
  settings.set('command', [process.execPath, resolve('bin/meshgw.js')]);
  settings.set('arguments', ['--implementation', 'standard']);
  settings.set('schemaErrors', false);
  const extension = createRequire(import.meta.url)(join(FOLDER, 'extension.cjs')) as {
    activate(context: { subscriptions: unknown[] }): Promise<void>;
    deactivate(): Promise<void> | undefined;
  };
  await extension.activate({ subscriptions: [] });
  const [{ server, options }] = started as [Started];
  expect(server.args.slice(1)).toEqual(['lsp', '--stdio', '--implementation', 'standard']);
  expect(options.initializationOptions).toEqual({ schemaErrors: false });

  const folder = resolve('fixtures/cli/what-a-newcomer-meets/envs/dev');
  const child = spawn(server.command, server.args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  try {
    const found = new Promise<PublishDiagnosticsParams>((done) =>
      connection.onNotification('textDocument/publishDiagnostics', done),
    );
    connection.listen();
    const { capabilities } = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).toString(),
      capabilities: {},
      initializationOptions: options.initializationOptions,
    });
    expect(capabilities).toMatchObject({ hoverProvider: true, definitionProvider: true, referencesProvider: true });
    await connection.sendNotification('initialized', {});
    expect((await found).diagnostics.map((d) => d.code)).toContain('MGW0101');
  } finally {
    child.kill();
  }

  settings.set('schemaErrors', true);
  await changed({ affectsConfiguration: (name) => name === 'editor' });
  expect(started.length).toBe(1);
  await changed({ affectsConfiguration: (name) => name === 'meshgw' });
  expect([started.length, started[0]!.stopped]).toEqual([2, true]);
  expect(started[1]!.options.initializationOptions).toEqual({ schemaErrors: true });
  failing = true;
  await changed({ affectsConfiguration: () => true });
  expect(errors).toEqual([expect.stringContaining('spawn nosuch ENOENT. Is it on the PATH')]);
  await extension.deactivate();
}, 60_000);

test('the manifest declares what the extension uses', () => {
  const { configuration, commands } = manifest.contributes;
  expect(Object.keys(configuration.properties).sort()).toEqual([...asked].sort());
  expect(commands.map((c) => c.command)).toEqual(registered);
  for (const [name, { default: value }] of Object.entries(configuration.properties))
    expect(readFileSync(join(FOLDER, 'extension.cjs'), 'utf8'), name).toContain(
      `'${name.slice('meshgw.'.length)}', ${JSON.stringify(value).replaceAll('"', "'")}`,
    );
  expect(existsSync(join(FOLDER, 'bundle.mjs'))).toBe(true);
  expect(readFileSync(join(FOLDER, 'bundle.mjs'), 'utf8')).toContain(manifest.main.slice(2));
});
