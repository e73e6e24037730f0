// What an editor does to the language server beside plain typing: pieces of text in any order, UTF-16, line ends, half-typed YAML, folders
// that come and go; and what its definitions lead to.

import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, Hover, Location, TextDocumentContentChangeEvent } from 'vscode-languageserver/node.js';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { checkFolder } from '../src/cli/lsp-check.js';
import { definitionsOf, referencesTo } from '../src/lsp/references.js';
import { type Checked, spotAt } from '../src/lsp/workspace.js';
import { formatPath, formatResource, valueAt } from '../src/model/index.js';
import { locate } from '../src/sources/index.js';
import { ensureBuilt } from './build.js';
import { closeEditors, type Editor, editor } from './lsp/editor.js';
import { until } from './until.js';

beforeAll(ensureBuilt, 240_000);
afterEach(closeEditors);

const io = {
  ...{ cwd: process.cwd(), env: {}, stdin: async () => Buffer.alloc(0), now: () => 0 },
  ...{ stdout: { write() {}, isTTY: false, columns: 80 }, stderr: { write() {}, isTTY: false, columns: 80 } },
};
const checkedAt = async (root: string, textOf = (_: string): string | undefined => undefined): Promise<Checked> => ({
  root,
  ...(await checkFolder({ namespace: 'default' }, { ...io, cwd: root })(root, textOf)),
});

describe('definitions and references', () => {
  test.each(readdirSync('fixtures/lsp'))('%s', async (name) => {
    const root = join(process.cwd(), 'fixtures/lsp', name);
    const checked = await checkedAt(root);
    const file = join(root, 'input.yaml');
    const found = new Set<string>();
    for (const [i, text] of readFileSync(file, 'utf8').split('\n').entries())
      for (let column = 1; column <= text.length; column++) {
        const spot = spotAt(checked, file, i + 1, column);
        if (spot === undefined) continue;
        for (const target of definitionsOf(checked, spot)) {
          const [from, to] = [spot.resource, target.resource].map(formatResource);
          found.add(`${from} ${formatPath(spot.path)}: ${valueAt(spot.resource.object, spot.path)} → ${to}`);
          // The way back.
          const { line } = locate(target);
          const back = referencesTo(checked, { resource: target.resource, path: ['kind'] }, true);
          expect(back.some((o) => o.resource === spot.resource && formatPath(o.path) === formatPath(spot.path))).toBe(
            true,
          );
          expect(locate(back[0]!).line).toBe(line);
        }
      }
    await expect(`${[...found].join('\n')}\n`).toMatchFileSnapshot(join(root, 'definitions.txt'));
  });
});

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
`;
/** Names outside of the first plane of Unicode, two units each in UTF-16, before things that are wrong. */
const ROUTES = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, annotations: {note: "😀 𝒳 ümlaut \u2028 end"}}
spec:
  hosts: [shop.example.com]
  gateways: [shop]
  http:
  - name: "🚀🚀"
    match: [{uri: {prefix: "/😀"}, headers: {"x-😀": {exact: "𝒳"}}}]
    route: [{destination: {host: nosuch, port: {number: 80}}}]
  - match: [{uri: {prefix: /a}}]
    route: [{destination: {host: web, port: {number: 80}}}] # 😀 a comment
  - route: [{destination: {host: web, prt: {number: 80}}}]
`;
const PIECES = [
  ...['', '😀', '\ud83d', '\n', '\r\n', '\r', '\t', ' ', ':', '- ', '[', '}', '"', "'", '|', '&a ', '*a', '!!x ', '#'],
  ...[
    '---\n',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\0',
    'host: web',
    'nosuch',
    'prefix: /a',
    'route:\n    - ',
    '{{ .Values.x }}',
  ],
];

/** The findings of a folder with these texts, as an editor would show them. */
async function expected(others: Readonly<Record<string, string>>, file: string, text: string) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'meshgw-oracle-')));
  try {
    for (const [name, content] of Object.entries({ ...others, [file]: text })) writeFileSync(join(root, name), content);
    // A file cannot hold half a character, and is binary with NUL bytes; an open text is a text.
    const whole = Buffer.from(text, 'utf8').toString('utf8') === text && !text.includes('\0');
    const { result } = await checkedAt(
      root,
      whole ? undefined : (path) => (path === join(root, file) ? text : undefined),
    );
    return result.diagnostics
      .filter(({ position }) => position.file === file)
      .map(({ code, message, position }) => [code, message, position.line - 1, position.column - 1]);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const shownOf = (it: Editor, file: string) =>
  it.shown(file).map(({ code, message, range: { start } }) => [code, message, start.line, start.character]);

describe('edits in pieces', () => {
  test('a place behind characters of two units is where the editor has it', { timeout: 60_000 }, async () => {
    const it = await editor({ 'gateway.yaml': GATEWAY, 'routes.yaml': ROUTES });
    it.open('routes.yaml', ROUTES);
    const found = await it.findings('routes.yaml', (list) => list.length > 1);
    const words = found.map(({ range: { start, end } }) =>
      ROUTES.split('\n')[start.line]!.slice(start.character, end.character),
    );
    expect(words).toEqual(expect.arrayContaining(['nosuch', 'prt']));
    const hover = await it.ask<Hover>('hover', 'routes.yaml', ROUTES, '/😀');
    expect((hover.contents as { value: string }).value).toContain('path begins /😀');
  });

  test('after any edits the findings are those of the text', { timeout: 240_000 }, async () => {
    const files = { 'gateway.yaml': GATEWAY, 'routes.yaml': ROUTES };
    const it = await editor(files);
    it.open('routes.yaml', ROUTES);
    let mine = TextDocument.create('file:///x', 'yaml', 1, ROUTES);
    let version = 1;
    const edit = fc.record({ from: fc.nat(), length: fc.nat(30), text: fc.constantFrom(...PIECES) });
    const burst = fc.record({
      edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
      whole: fc.constantFrom('', '\r\n', '\n'),
    });
    await fc.assert(
      fc.asyncProperty(burst, async ({ edits, whole }) => {
        const changes: TextDocumentContentChangeEvent[] = [];
        const apply = (change: TextDocumentContentChangeEvent) => {
          changes.push(change);
          mine = TextDocument.update(mine, [change], ++version);
        };
        // Undo, or a file whose line ends were changed: the whole text at once.
        if (whole !== '') apply({ text: ROUTES.replaceAll('\n', whole) });
        for (const { from, length, text } of edits) {
          const start = from % (mine.getText().length + 1);
          // An editor never cuts a character of two units, or a line end: positions say so too.
          const range = { start: mine.positionAt(start), end: mine.positionAt(start + length) };
          apply({ range, text });
        }
        it.edit('routes.yaml', version, changes);
        const wanted = await expected(files, 'routes.yaml', mine.getText());
        const same = () => JSON.stringify(shownOf(it, 'routes.yaml')) === JSON.stringify(wanted);
        if (!(await until(same))) expect(shownOf(it, 'routes.yaml'), JSON.stringify(mine.getText())).toEqual(wanted);
      }),
      { numRuns: Number(process.env.EDITS ?? 40), endOnFailure: true },
    );
  });

  test('a hover in a rule, outside of its match, shows the routes of the rule', { timeout: 60_000 }, async () => {
    const it = await editor({ 'gateway.yaml': GATEWAY, 'routes.yaml': ROUTES });
    it.open('routes.yaml', ROUTES);
    const hover = await it.ask<Hover>('hover', 'routes.yaml', ROUTES, 'web, port');
    expect((hover.contents as { value: string }).value).toContain('path begins /a');
    for (const word of ['shop.example.com', 'gateways', 'kind'])
      expect(await it.ask<Hover | null>('hover', 'routes.yaml', ROUTES, word), word).toBeNull();
  });

  test('an answer is about the text of now, not about that of the last look', { timeout: 60_000 }, async () => {
    const it = await editor({ 'gateway.yaml': GATEWAY, 'routes.yaml': ROUTES });
    it.open('routes.yaml', ROUTES);
    await it.findings('routes.yaml', (list) => list.length > 0);
    const lines = Array.from({ length: 20 }, (_, i) => `# ${i}\n`).join('');
    it.edit('routes.yaml', 2, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: lines },
    ]);
    const hover = await it.ask<Hover>('hover', 'routes.yaml', lines + ROUTES, '/a}}]');
    expect((hover.contents as { value: string }).value).toContain('path begins /a');
  });
});

test('a folder whose name editors encode otherwise has its fixes', { timeout: 60_000 }, async () => {
  const it = await editor({ 'gateway.yaml': GATEWAY, 'a+b.yaml': ROUTES }, { name: "meshgw (lsp) 'ä@" });
  // As Visual Studio Code spells it.
  const uri = it.uri('a+b.yaml').replace(/[()'@+]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  await it.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: ROUTES },
  });
  const [found] = await it.findings('a+b.yaml', (list) => list.some(({ code }) => code === 'MGW0010'));
  expect(found).toBeDefined();
  const line = ROUTES.split('\n').findIndex((l) => l.includes('prt'));
  const range = { start: { line, character: 0 }, end: { line, character: 99 } };
  const actions = await it.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    ...{ textDocument: { uri }, range, context: { diagnostics: [] } },
  });
  expect(actions.map(({ title }) => title)).toContain('write port');
  expect(Object.keys(actions[0]!.edit!.changes!)).toEqual([uri]);
});

test('a broken configuration of meshgw is said once, not at each key', { timeout: 60_000 }, async () => {
  const it = await editor({ 'gateway.yaml': GATEWAY, 'routes.yaml': ROUTES, 'meshgw.config.yaml': 'lint: [' });
  const said: string[] = [];
  it.connection.onNotification('window/showMessage', ({ message }: { message: string }) => said.push(message));
  it.open('routes.yaml', ROUTES);
  for (let version = 2; version < 6; version++) {
    it.type('routes.yaml', version, `${ROUTES}# ${version}\n`);
    // Answered after the text was looked at.
    await it.ask('hover', 'routes.yaml', ROUTES, 'spec');
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('meshgw.config.yaml');
  writeFileSync(join(it.folder, 'meshgw.config.yaml'), '');
  await it.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
  expect((await it.findings('routes.yaml', (list) => list.length > 0)).length).toBeGreaterThan(0);
});

test('folders that the editor adds and closes', { timeout: 60_000 }, async () => {
  const it = await editor({ 'gateway.yaml': GATEWAY }, { folders: true });
  const second = mkdtempSync(join(tmpdir(), 'meshgw-second-'));
  try {
    cpSync('fixtures/lsp/istio/input.yaml', join(second, 'input.yaml'));
    const folder = { uri: pathToFileURL(second).toString(), name: 'second' };
    const file = pathToFileURL(join(second, 'input.yaml')).toString();
    const line = readFileSync('fixtures/lsp/istio/input.yaml', 'utf8').split('\n').indexOf('  gateways: [edge/gw]');
    const definition = () =>
      it.connection.sendRequest<Location[]>('textDocument/definition', {
        ...{ textDocument: { uri: file }, position: { line, character: 14 } },
      });
    expect(await definition()).toEqual([]);
    await it.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [folder], removed: [] },
    });
    expect(await definition()).toMatchObject([{ uri: file, range: { start: { line: 2 } } }]);
    await it.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [folder] },
    });
    expect(await definition()).toEqual([]);
  } finally {
    rmSync(second, { recursive: true });
  }
});
