// The language server: open texts and folders of the editor on one side, lint and the route table on the other.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

import { fileURLToPath } from 'node:url';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type Location,
  MessageType,
  ShowMessageNotification,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CannotRunError, type LocatedDiagnostic } from '../diagnostics/index.js';
import type { Origin } from '../model/index.js';
import { isOfSchema, locate } from '../sources/index.js';
import { actionsIn } from './actions.js';
import { diagnosticOf, findingsByUri, rangeAt } from './findings.js';
import { hoverText } from './hover.js';
import { definitionsOf, referencesTo } from './references.js';
import { type Check, type Checked, type Spot, spotAt, uriOf } from './workspace.js';

export interface EditorServer {
  readonly connection: Connection;
  readonly check: Check;
  /** Where the editor names no folder. */
  readonly cwd: string;
  readonly version: string;
}

/** After the last key, ms. */
const QUIET_MS = 15;

/** What an editor may say in `initializationOptions`. */
interface Options {
  /** False: another server (yaml-language-server with the CRDs' schemas) says what does not fit a schema. Default true. */
  readonly schemaErrors?: boolean;
}

/** What the editor was told of a file, and the folder that it is in. */
interface Shown {
  readonly uri: string;
  readonly list: readonly LocatedDiagnostic[];
  readonly of: Checked;
}

interface Place {
  readonly checked: Checked;
  readonly spot: Spot;
}

/** Answers until the editor ends it. */
export function serveEditor({ connection, check, cwd, version }: EditorServer): void {
  const documents = new TextDocuments(TextDocument);
  let roots: readonly string[] = [cwd];
  let options: Options = {};
  let watches = false;
  let follows = false;
  let checked: readonly Checked[] = [];
  let findings = new Map<string, Shown>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  /** What kept a folder from being read, as the editor shows it; not at each key again. */
  let complaint = '';

  const textOf = (path: string) =>
    documents
      .all()
      .find((d) => pathOf(d.uri) === path)
      ?.getText();

  async function look(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    again = true;
    looking ??= lookUntilSame().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookUntilSame(): Promise<void> {
    while (again) {
      again = false;
      await lookOnce();
    }
  }

  async function lookOnce(): Promise<void> {
    const found: Checked[] = [];
    let failed = '';
    for (const root of roots) {
      try {
        found.push({ root, ...(await check(root, textOf)) });
      } catch (error) {
        if (!(error instanceof CannotRunError)) connection.console.error(String((error as Error).stack ?? error));
        failed = error instanceof CannotRunError ? `meshgw: ${error.message}` : INTERNAL;
        // Not `window.showErrorMessage`: that is a request, and an editor may not know it.
        if (failed !== complaint)
          await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Error, message: failed });
      }
    }
    complaint = failed;
    checked = found;
    await publish();
  }

  /** Answers are about the text of now: what waits is looked at first. */
  const settled = (): Promise<void> => (timer === undefined ? (looking ?? Promise.resolve()) : look());

  async function publish(): Promise<void> {
    const next = new Map<string, Shown>();
    for (const one of checked)
      for (const [uri, list] of findingsByUri(one)) {
        const shown = options.schemaErrors === false ? list.filter((d) => !isOfSchema(d.code)) : list;
        next.set(keyOf(uri), { uri, list: shown, of: one });
        await connection.sendDiagnostics({ uri, diagnostics: shown.map((d) => diagnosticOf(d, one)) });
      }
    for (const [key, { uri }] of findings)
      if (!next.has(key)) await connection.sendDiagnostics({ uri, diagnostics: [] });
    findings = next;
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), QUIET_MS);
  };

  /** What stands at a place, with the folder that it is in. */
  const at = async ({ textDocument, position }: TextDocumentPositionParams): Promise<Place | undefined> => {
    await settled();
    const path = pathOf(textDocument.uri);
    for (const one of path === undefined ? [] : checked) {
      const spot = spotAt(one, path!, position.line + 1, position.character + 1);
      if (spot) return { checked: one, spot };
    }
    return undefined;
  };

  connection.onInitialize((params) => {
    roots = foldersOf(params) ?? [cwd];
    options = (params.initializationOptions ?? {}) as Options;
    follows = params.capabilities.workspace?.workspaceFolders === true;
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'meshgw', version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(() => {
    if (watches)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/*.{yaml,yml,json}' }],
      });
    if (follows)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(pathsOf(removed));
        roots = [...roots.filter((root) => !gone.has(root)), ...pathsOf(added)];
        soon();
      });
    soon();
  });
  connection.onDidChangeWatchedFiles(soon);
  documents.onDidChangeContent(soon);
  documents.onDidClose(soon);

  connection.onHover(async (params) => {
    const here = await at(params);
    const value = here && hoverText(here.checked, here.spot);
    return value === undefined ? null : { contents: { kind: 'markdown', value } };
  });
  connection.onDefinition(async (params) => {
    const here = await at(params);
    return here ? definitionsOf(here.checked, here.spot).map((o) => locationOf(o, here.checked)) : [];
  });
  connection.onReferences(async (params) => {
    const here = await at(params);
    if (!here) return [];
    const found = referencesTo(here.checked, here.spot, params.context.includeDeclaration);
    return found.map((o) => locationOf(o, here.checked));
  });
  connection.onCodeAction(async ({ textDocument: { uri }, range }) => {
    await settled();
    const [document, shown] = [documents.get(uri), findings.get(keyOf(uri))];
    return document && shown ? actionsIn(document, range, shown.list, shown.of) : [];
  });
  connection.onShutdown(() => clearTimeout(timer));
  documents.listen(connection);
  connection.listen();
}

const INTERNAL = 'meshgw: internal error; the log of the server has the details';

/** Undefined: the URI is of no file. */
function pathOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}

/** Editors spell the URI of a path in several ways. */
const keyOf = (uri: string): string => pathOf(uri) ?? uri;

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] | undefined {
  const paths = pathsOf(workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : []));
  return paths.length > 0 ? paths : undefined;
}

const pathsOf = (folders: readonly { readonly uri: string }[]): string[] =>
  folders.flatMap(({ uri }) => pathOf(uri) ?? []);

function locationOf(origin: Origin, checked: Checked): Location {
  const position = locate(origin);
  return { uri: uriOf(checked, position.file), range: rangeAt(position) };
}
