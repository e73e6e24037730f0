// What a user meets every day: --watch reacts to the configuration alone and says what changed, lines to paste, a CA that stays,
// names of destinations.

import { X509Certificate } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curlLines } from '../src/cli/serve/announce.js';
import { reloadText, sameCertificates } from '../src/cli/serve/watch.js';
import { routeChanges } from '../src/diff/index.js';
import { startServe } from './serve/command.js';
import { servedFromText } from './serve/load.js';
import { ask } from './serve/raw-client.js';

const INPUT = readFileSync('fixtures/serve/survive/input.yaml', 'utf8');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-daily-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SECOND = `  - match: [{uri: {exact: /b}}]
    route: [{destination: {host: other, port: {number: 80}}}]
`;
const ROUTES = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  hosts: [a.example.com]
  gateways: [gw]
  http:
  - match: [{uri: {exact: /a}}]
    headers: {request: {set: {x-a: "1"}}}
    timeout: 3s
    route: [{destination: {host: app, port: {number: 80}}}]
${SECOND}  - route:
    - {destination: {host: app, port: {number: 80}}, weight: 50}
    - {destination: {host: other, port: {number: 80}}, weight: 50}
`;
const POLICY = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: DENY
  rules: [{to: [{operation: {paths: [/never]}}]}]
`;

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('--watch: a log, a recording, a touched file change nothing; routes that come and go are named', async () => {
  const config = mkdtempSync(join(folder, 'watch-'));
  const input = join(config, 'input.yaml');
  const log = join(config, 'serve.log');
  writeFileSync(input, INPUT);
  // As `meshgw serve -f . --watch --record record.json 2> serve.log`.
  const flags = ['--watch', '--listen', '80=0', '--record', join(config, 'record.json')];
  const serve = await startServe(['-f', config, ...flags]);
  for (let i = 0; i < 5; i++) {
    await ask(serve.ready.listening[80] as number, 'GET /direct HTTP/1.1\r\nhost: a.example.com\r\n\r\n');
    appendFileSync(log, serve.err());
    utimesSync(input, new Date(), new Date());
    await sleep(300);
  }
  expect(serve.err()).not.toContain('reloaded');
  writeFileSync(input, INPUT.replace('prefix: /direct', 'prefix: /other'));
  await serve.until(() => serve.err().includes('reloaded'));
  const [, reload] = serve.err().split(/^(?=reloaded)/m);
  expect(reload?.split('\n').slice(0, 3)).toEqual([
    'reloaded: 1 route added, 1 route removed (port 80)',
    '  + port 80 a.example.com: path begins /other → 200',
    '  - port 80 a.example.com: path begins /direct → 200',
  ]);
  await serve.stop();
});

test.each<[string, (text: string) => string, string[]]>([
  ['a comment', (text) => `${text}\n# c\n`, ['reloaded: no route or setting is different (port 80)']],
  [
    'what a route does',
    (text) => text.replace('timeout: 3s', 'timeout: 4s').replace('x-a: "1"', 'x-a: "2"'),
    [
      'reloaded: 1 route changed (port 80)',
      '  ~ port 80 a.example.com: path = /a → app.default.svc.cluster.local:80 (request headers, timeout)',
    ],
  ],
  [
    'weights',
    (text) => text.replace('weight: 50', 'weight: 150'),
    [
      'reloaded: 1 route added, 1 route removed (port 80)',
      expect.stringMatching(/^ {2}\+ .*75 % app/) as unknown as string,
      expect.stringMatching(/^ {2}- .*50 % app/) as unknown as string,
    ],
  ],
  ['a policy', (text) => text.concat(POLICY), ['reloaded: settings beside the routes changed (port 80)']],
  [
    'a route that goes away, and one that changes',
    (text) => text.replace(SECOND, '').replace('timeout: 3s', 'timeout: 4s'),
    [
      'reloaded: 1 route removed, 1 route changed (port 80)',
      '  - port 80 a.example.com: path = /b → other.default.svc.cluster.local:80',
      '  ~ port 80 a.example.com: path = /a → app.default.svc.cluster.local:80 (timeout)',
    ],
  ],
])('in words: %s', async (_, change, expected) => {
  const [before, after] = await Promise.all([servedFromText(ROUTES), servedFromText(change(ROUTES))]);
  const changes = routeChanges(before.gateway, after.gateway);
  expect(reloadText(changes, [80], !sameCertificates(before, after)).split('\n')).toEqual(expected);
});

describe('the CA', () => {
  test('--ca-dir keeps it, --ca-out writes it; a folder that others can enter is refused', async () => {
    const dir = join(folder, 'ca');
    const out = join(folder, 'ca.pem');
    const flags = ['-f', 'fixtures/serve/traffic', '--listen', '80=0', '--listen', '443=0', '--listen', '9000=0'];
    const first = await startServe([...flags, '--ca-dir', dir, '--ca-out', out]);
    await first.stop();
    const second = await startServe([...flags, '--ca-dir', dir]);
    await second.stop();
    expect(second.ready.ca).toBe(first.ready.ca);
    expect(readFileSync(out, 'utf8')).toBe(first.ready.ca);
    const { ca, validTo } = new X509Certificate(first.ready.ca);
    expect([ca, new Date(validTo).getFullYear() - new Date().getFullYear()]).toEqual([true, expect.closeTo(10, -1)]);
    expect([statSync(dir).mode & 0o777, statSync(join(dir, 'ca.key')).mode & 0o777]).toEqual([0o700, 0o600]);
    chmodSync(dir, 0o755);
    await expect(startServe([...flags, '--ca-dir', dir])).rejects.toThrow('other users can access this folder');
    chmodSync(dir, 0o700);
    writeFileSync(join(dir, 'ca.crt'), 'broken');
    await expect(startServe([...flags, '--ca-dir', dir])).rejects.toThrow(`error: --ca-dir ${dir}: `);
  });
});

describe('what is printed', () => {
  test('a line to paste for each host', async () => {
    const { gateway } = await servedFromText(readFileSync('fixtures/serve/traffic/input.yaml', 'utf8'));
    const listening = new Map([
      [80, 18080],
      [443, 18443],
    ]);
    expect(curlLines(gateway, listening, { host: '127.0.0.1', caFile: 'ca.pem' })).toEqual([
      'curl http://127.0.0.1:18080/slow',
      'curl --resolve shop.example.com:18443:127.0.0.1 --cacert ca.pem https://shop.example.com:18443/slow',
      'curl --resolve any.wild.example.com:18443:127.0.0.1 --cacert ca.pem https://any.wild.example.com:18443/slow',
    ]);
  });

  test('nothing from a file is more than a word of the shell', async () => {
    const text = INPUT.replace('prefix: /hdr', `prefix: "/a;$(id)'x"`);
    const { gateway } = await servedFromText(text);
    const [line] = curlLines(gateway, new Map([[80, 80]]), { host: '::1' });
    expect(line).toBe(`curl --resolve 'a.example.com:80:[::1]' 'http://a.example.com:80/a;$(id)'\\''x'`);
  });

  test('--upstream with a name that nothing has lists those that it could be', async () => {
    const serve = await startServe([
      '-f',
      'fixtures/serve/survive/input.yaml',
      '--listen',
      '80=0',
      '--upstream',
      'nosuch=http://127.0.0.1:9',
    ]);
    expect(serve.err()).toContain('--upstream nosuch: no destination of the gateway has this name (known: web)');
    await serve.stop();
  });
});
