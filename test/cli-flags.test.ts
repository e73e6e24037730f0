// Every flag that a help shows, run once: with its exit code and a part of what it prints. A flag without a row fails here.

import { readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

const article = (name: string) => readFileSync(`fixtures/article/${name}.yaml`, 'utf8');
const exchange = (host: string) => ({
  request: { port: 80, scheme: 'http', method: 'GET', host: 'httpbin.example.com', path: '/status' },
  response: { destination: { host, port: 8000 } },
});
const right = 'httpbin.default.svc.cluster.local';
const root = folderOf({
  'gw.yaml': article('gateway'),
  'ing.yaml': article('ingress'),
  'typo.yaml': article('gateway').replace('prefix:', 'prefx:'),
  'nginx.yaml': article('ingress').replace('kubernetes.io/ingress.class: istio', 'kubernetes.io/ingress.class: nginx'),
  'vs.yaml': article('gateway').split('---').at(-1)!,
  'right.json': JSON.stringify([exchange(right)]),
  'wrong.json': JSON.stringify([exchange('other')]),
  'jwks.json': '{"keys": []}',
  'client.json': '[]',
  'traefik.yaml': 'entryPoints: {web: {address: ":80"}}\nproviders: {kubernetesIngress: {}}\n',
  'config.yaml': 'lint: {rules: {MGW0156: error}}\n',
  'envoy.yaml': readFileSync('fixtures/envoy/bootstrap.yaml', 'utf8'),
});
afterAll(() => rmSync(root, { recursive: true }));

const URL = 'http://httpbin.example.com/status';
/** Command line, exit code, what is in its output. */
const ROWS: readonly (readonly [string, number, string])[] = [
  ['lint gw.yaml', 0, '0 errors'],
  ['lint gw.yaml --fail-on info', 1, 'MGW0156'],
  ['lint gw.yaml --rule MGW0156=error', 1, 'error'],
  ['lint gw.yaml --config config.yaml', 1, 'MGW0156'],
  ['lint gw.yaml --preset migration', 0, '0 errors'],
  ['lint . --per-folder', 1, 'MGW0010'],
  ['lint typo.yaml --write-baseline base.json', 0, ''],
  ['lint typo.yaml --baseline base.json', 0, ''],
  ['lint --list-rules', 0, 'MGW0101'],
  ['lint --explain MGW0101', 0, 'Gateway'],
  ['lint typo.yaml --fix --dry-run', 1, '+        prefix'],
  ['lint gw.yaml --output json', 0, '"diagnostics"'],
  ['lint gw.yaml --color', 0, '\u001b['],
  ['lint gw.yaml --no-color', 0, 'MGW0156'],
  ['lint . --exclude typo.yaml', 0, '0 errors'],
  ['lint --filename gw.yaml --verbose', 0, '0 errors'],
  ['lint vs.yaml --namespace shop', 0, 'shop/'],
  ['lint vs.yaml --assume-gateway default/httpbin-gateway', 0, '0 errors'],
  [`simulate gw.yaml ${URL} --request POST --header x-a:1 --data b --trace --seed 1 --source 10.0.0.1`, 0, 'POST'],
  ['simulate gw.yaml https://httpbin.example.com/ --sni a.example', 0, 'connection'],
  [`simulate gw.yaml ${URL} --gateway istio=ingressgateway`, 0, '200'],
  [`simulate gw.yaml ${URL} --gateway nosuch`, 2, 'istio=ingressgateway'],
  ['simulate gw.yaml --requests right.json --output json', 0, '"status": 200'],
  ['simulate gw.yaml --check right.json --strict', 1, 'httpbin'],
  ['simulate gw.yaml --check right.json --coverage --fail-under 100', 0, '100'],
  ['simulate gw.yaml --check wrong.json', 1, 'other'],
  [`simulate gw.yaml ${URL} --interactive`, 2, 'needs a terminal'],
  [`simulate gw.yaml ${URL} --client-certificate nosuch.pem`, 2, 'nosuch.pem'],
  [`simulate gw.yaml ${URL} --jwks https://a.example/keys=jwks.json`, 0, '200'],
  [`simulate ing.yaml ${URL} --class istio=istio --class-semantics kubernetes`, 0, '404'],
  [`simulate ing.yaml ${URL} --class-semantics nginx --ingress-nginx-configmap none`, 0, ''],
  [`simulate ing.yaml ${URL} --class-semantics nginx --ingress-nginx-ssl-passthrough on`, 0, ''],
  [`simulate nginx.yaml ${URL} --class-semantics traefik --traefik-static traefik.yaml`, 0, ''],
  [
    `simulate ing.yaml ${URL} --class-semantics kong --kong-router-flavor expressions --kong-feature-gates RewriteURIs=true`,
    0,
    '',
  ],
  [`simulate gw.yaml ${URL} --istio-mesh-config none --service-port http=80`, 0, '200'],
  ['routes -f gw.yaml --gateway istio=ingressgateway', 0, 'path begins /status'],
  ['routes -f envoy.yaml --port 8080=80 --cluster web=web.prod:8080', 0, 'envoy'],
  ['generate-tests -f gw.yaml --gateway istio=ingressgateway', 0, '"request"'],
  ['status -f gw.yaml --gateway-api-channel standard --gateway-api-version 1.6 --gateway-addresses 10.0.0.0/8', 0, ''],
  ['status -f gw.yaml --implementation standard', 0, ''],
  ['ways-in -f gw.yaml --service httpbin', 0, 'httpbin'],
  ['ways-in -f gw.yaml --advise --need jwt', 0, 'token authentication'],
  ['convert ingress-to-istio ing.yaml --verify --report report.json', 0, 'kind: Gateway'],
  ['convert ingress-to-istio nginx.yaml', 0, 'VirtualService'],
  ['convert ingress-to-istio nginx.yaml --allow-loss --fail-open --default-tls-secret a/b', 0, 'VirtualService'],
  [
    'convert ingress-to-istio nginx.yaml --allow-envoyfilter --forwarded-headers --target-gateway a/istio=x',
    0,
    'istio: x',
  ],
  ['convert ingress-to-gateway-api nginx.yaml --allow-experimental', 0, 'HTTPRoute'],
  ['convert ingress-to-istio nginx.yaml --plan', 0, 'step'],
  ['convert ingress-to-istio ing.yaml --out made', 0, ''],
  ['convert ingress-to-istio ing.yaml --diff made', 0, ''],
  ['diff ing.yaml gw.yaml', 1, 'different'],
  ['diff gw.yaml gw.yaml --text --gateway istio=ingressgateway', 0, 'equivalent'],
  ['diff ing.yaml gw.yaml --tests tests.json', 1, 'different'],
  ['diff nginx.yaml --after-class-semantics traefik', 1, ''],
  ['serve -f gw.yaml --listen x', 2, '--listen x'],
  ['serve -f gw.yaml --upstream x', 2, '--upstream x'],
  ['serve -f gw.yaml --host 203.0.113.254 --listen 80=0 --verify-upstreams', 2, 'cannot listen on 203.0.113.254'],
  ['serve -f gw.yaml --tui', 2, 'needs a terminal'],
  ['serve -f gw.yaml --engine envoy --envoy nosuch', 2, 'nosuch'],
  ['routes --kustomize nosuch', 2, 'nosuch'],
  ['routes --helm nosuch', 2, 'nosuch'],
  ['lsp --stdio extra', 2, 'too many arguments'],
  ['completion bash', 0, '_meshgw'],
  ['version', 0, '.'],
];

/** They need a cluster, git, a terminal or time; where they are tried. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '--context': 'cluster.test.ts',
  '--kubeconfig': 'cluster.test.ts',
  '--with-secrets': 'cluster.test.ts',
  '--changed': 'lint-daily.test.ts',
  '--watch': 'lint-daily.test.ts',
  '--admin': 'serve-workers.test.ts',
  '--access-log': 'serve-workers.test.ts',
  '--record': 'serve-record.test.ts',
  '--record-credentials': 'serve-record.test.ts',
  '--ca-dir': 'serve-daily.test.ts',
  '--ca-out': 'serve-daily.test.ts',
  '--workers': 'serve-workers.test.ts',
};

test.each(ROWS)('%s', async (line, code, text) => {
  const { code: got, out, err } = await meshgwIn(root, line.split(' '));
  expect(got, out + err).toBe(code);
  expect(out + err).toContain(text);
});

test('every flag of every command has a row, or a test of its own', async () => {
  const { out } = await meshgwIn(root, ['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) (?:\[|<|\S* {2,})/gm)].map(([, name]) => name!);
  expect(commands).toEqual(expect.arrayContaining(['lint', 'simulate', 'convert', 'diff', 'serve', 'ways-in', 'lsp']));
  const tried = new Set([...ROWS.flatMap(([line]) => line.split(' ')), '--help', ...Object.keys(ELSEWHERE)]);
  const missing = [];
  for (const command of commands.filter((name) => name !== 'help')) {
    const help = (await meshgwIn(root, [command, '--help'])).out;
    for (const [, flag] of help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]+)/gm))
      if (!tried.has(flag!)) missing.push(`${command} ${flag}`);
  }
  expect(missing).toEqual([]);
  for (const [flag, file] of Object.entries(ELSEWHERE))
    expect(readFileSync(`test/${file}`, 'utf8'), flag).toContain(flag);
});
