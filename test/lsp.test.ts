// The language server, driven over its protocol as an editor drives it: a folder, a text that is typed in, what it answers.
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { CodeAction, Hover, Location, PublishDiagnosticsParams } from 'vscode-languageserver/node.js';
import { own } from '../src/model/index.js';
import { ensureBuilt } from './build.js';
import { closeEditors, editor } from './lsp/editor.js';

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop.example.com
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
    name: http
`;
const routes = (host: string, prefix = '/'): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - shop
  http:
  - match:
    - uri:
        prefix: ${prefix}
    route:
    - destination:
        host: ${host}
        port:
          number: 80
`;

beforeAll(ensureBuilt, 240_000);
afterEach(closeEditors);

const codes = (found: PublishDiagnosticsParams['diagnostics']) => found.map((d) => d.code);

test('findings of the whole folder, and of a text that is not saved', { timeout: 60_000 }, async () => {
  const it = await editor({ 'gateway.yaml': GATEWAY, 'web/service.yaml': SERVICE, 'routes.yaml': routes('wbe') });
  const [missing] = await it.findings('routes.yaml', (found) => found.length > 0);
  expect(missing).toMatchObject({
    code: 'MGW0102',
    severity: 1,
    source: 'meshgw',
    range: { start: { line: 15, character: 14 }, end: { line: 15, character: 17 } },
  });
  it.open('routes.yaml', routes('wbe'));
  it.type('routes.yaml', 2, routes('web'));
  expect(await it.findings('routes.yaml', (found) => found.length === 0)).toEqual([]);
  // Text that is no YAML while one types.
  it.type('routes.yaml', 3, routes('web: ['));
  const broken = await it.findings('routes.yaml', (found) => found.length > 0);
  expect(codes(broken)).toContain('MGW0003');
  expect(broken[0]!.range.start.line).toBeGreaterThanOrEqual(15);
});

test('a hover shows the route that a rule comes to; definition and references', { timeout: 60_000 }, async () => {
  const text = routes('web', '/cart');
  const files = {
    'gateway.yaml': GATEWAY,
    'service.yaml': SERVICE,
    'routes.yaml': text,
    'other.yaml': routes('nosuch', '/x').replace('name: shop', 'name: other'),
  };
  const it = await editor(files);
  it.open('routes.yaml', text);
  await it.findings('other.yaml', (found) => found.length > 0);
  const at = (file: string, word: string) => {
    const lines = own(files, file)!.split('\n');
    const line = lines.findIndex((l) => l.includes(word));
    return { textDocument: { uri: it.uri(file) }, position: { line, character: lines[line]!.indexOf(word) } };
  };
  const hover = (await it.connection.sendRequest('textDocument/hover', at('routes.yaml', '/cart'))) as Hover;
  expect((hover.contents as { value: string }).value).toBe(
    '**path begins /cart** → `web.default.svc.cluster.local:80`  \nGateway `istio=ingressgateway`, port 80, shop.example.com  \nFor example `GET http://shop.example.com/cart`',
  );
  const definition = (await it.connection.sendRequest(
    'textDocument/definition',
    at('routes.yaml', 'web'),
  )) as Location[];
  expect(definition).toEqual([
    { uri: it.uri('service.yaml'), range: { start: { line: 3, character: 8 }, end: { line: 3, character: 9 } } },
  ]);
  const references = (await it.connection.sendRequest('textDocument/references', {
    ...at('gateway.yaml', 'name: shop'),
    context: { includeDeclaration: false },
  })) as Location[];
  expect(references.map((r) => [r.uri.split('/').at(-1), r.range.start.line])).toEqual([
    ['other.yaml', 8],
    ['routes.yaml', 8],
  ]);
  expect(await it.connection.sendRequest('textDocument/hover', at('service.yaml', 'ports'))).toBeNull();
});

test('a fix is a code action with the smallest edit', { timeout: 60_000 }, async () => {
  const mistyped = routes('web').replace('prefix:', 'prefx:');
  const it = await editor({ 'gateway.yaml': GATEWAY, 'service.yaml': SERVICE, 'routes.yaml': mistyped });
  it.open('routes.yaml', mistyped);
  const found = await it.findings('routes.yaml', (list) => list.length > 0);
  const actions = (await it.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: it.uri('routes.yaml') },
    range: found[0]!.range,
    context: { diagnostics: found },
  })) as CodeAction[];
  const newText = 'i';
  const at = { line: 12, character: 12 };
  expect(actions).toMatchObject([
    {
      title: 'write prefix',
      kind: 'quickfix',
      diagnostics: [{ code: 'MGW0010' }],
      edit: { changes: { [it.uri('routes.yaml')]: [{ range: { start: at, end: at }, newText }] } },
    },
  ]);
});

test('what does not fit a schema can be left to another server', { timeout: 60_000 }, async () => {
  const mistyped = routes('web').replace('prefix:', 'prefx:');
  const it = await editor(
    { 'gateway.yaml': GATEWAY, 'service.yaml': SERVICE, 'routes.yaml': mistyped },
    { options: { schemaErrors: false } },
  );
  const found = await it.findings('routes.yaml', () => true);
  expect(codes(found).filter((code) => String(code) < 'MGW0100')).toEqual([]);
});
