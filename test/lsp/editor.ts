// An editor that speaks the protocol to `meshgw lsp`: a folder, texts that are open, what the server publishes.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node.js';

const running: ChildProcess[] = [];
const folders: string[] = [];
/** Ends the servers, and removes their folders. */
export function closeEditors(): void {
  for (const child of running.splice(0)) child.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export interface Editor {
  readonly connection: ProtocolConnection;
  readonly folder: string;
  uri(file: string): string;
  /** The next findings of a file for which `wanted` holds. */
  findings(
    file: string,
    wanted: (found: PublishDiagnosticsParams['diagnostics']) => boolean,
  ): Promise<PublishDiagnosticsParams['diagnostics']>;
  open(file: string, text: string): void;
  type(file: string, version: number, text: string): void;
  /** Edits in order, each on what the ones before it made. */
  edit(file: string, version: number, contentChanges: readonly TextDocumentContentChangeEvent[]): void;
  /** What the editor shows of a file now. */
  shown(file: string): PublishDiagnosticsParams['diagnostics'];
  /** Asks about the first place of a word in a text. */
  ask<T>(method: string, file: string, text: string, word: string, more?: object): Promise<T>;
}

interface EditorOptions {
  /** initializationOptions. */
  readonly options?: object;
  /** Of the folder, its beginning. */
  readonly name?: string;
  /** It says which folders come and go. */
  readonly folders?: boolean;
}

/** An editor with these files in its folder. */
export async function editor(
  files: Readonly<Record<string, string>>,
  { options = {}, name = 'meshgw lsp-', folders: follows = false }: EditorOptions = {},
): Promise<Editor> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), name)));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/meshgw.js'), 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: tmpdir(),
  });
  running.push(child);
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  );
  const last = new Map<string, PublishDiagnosticsParams['diagnostics']>();
  const waiting = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    last.set(uri, diagnostics);
    for (const look of waiting) look();
  });
  connection.listen();
  const uri = (file: string) => pathToFileURL(join(folder, file)).toString();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).toString(),
    capabilities: { workspace: { workspaceFolders: follows } },
    initializationOptions: options,
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    folder,
    uri,
    findings: (file, wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const found = last.get(uri(file));
          if (!found || !wanted(found)) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    open: (file, text) =>
      void connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uri(file), languageId: 'yaml', version: 1, text },
      }),
    type: (file, version, text) =>
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: uri(file), version },
        contentChanges: [{ text }],
      }),
    edit: (file, version, contentChanges) =>
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: uri(file), version },
        contentChanges,
      }),
    shown: (file) => last.get(uri(file)) ?? [],
    ask(method, file, text, word, more = {}) {
      const at = text.indexOf(word);
      const lines = text.slice(0, at).split(/\r\n|\r|\n/);
      const position = { line: lines.length - 1, character: lines.at(-1)!.length };
      return connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: uri(file) }, position, ...more });
    },
  };
}
