// The ConfigMap of ingress-nginx's controller: each key is modelled, named as unknown, or harmless.
import { expect, test } from 'vitest';
import { convert, diff, type GatewayRequest, load, simulate } from '../src/api/index.js';

const ingress = (annotations = '{}') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, annotations: ${annotations}}
spec:
  ingressClassName: nginx
  tls: [{hosts: [a.example.com], secretName: a-tls}]
  rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]
`;
const configMap = (data: Record<string, string>, name = 'ingress-nginx-controller') =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ingress-nginx}\ndata: ${JSON.stringify(data)}\n`;
const read = (data: Record<string, string>, annotations?: string, options = {}) =>
  load({ file: 'a.yaml', text: ingress(annotations) + configMap(data) }, options);

const ask = async (config: Awaited<ReturnType<typeof read>>, more: Partial<GatewayRequest> = {}) =>
  simulate(config, { port: 80, scheme: 'http', method: 'GET', host: 'a.example.com', path: '/x', ...more });
const secure = { port: 443, scheme: 'https' } as const;
const NGINX = 'nginx.ingress.kubernetes.io';

test('defaults of annotations: the ConfigMap counts where the Ingress says nothing', async () => {
  expect((await ask(await read({}))).status).toBe(308);
  expect((await ask(await read({ 'ssl-redirect': 'false' }))).status).toBe(200);
  expect((await ask(await read({ 'ssl-redirect': 'false' }, `{${NGINX}/ssl-redirect: "true"}`))).status).toBe(308);
  expect((await ask(await read({ 'http-redirect-code': '301' }))).status).toBe(301);
  const addresses = { 'ssl-redirect': 'false', 'whitelist-source-range': '203.0.113.0/24' };
  expect((await ask(await read(addresses), { source: '198.51.100.7' })).status).toBe(403);
  expect((await ask(await read(addresses), { source: '203.0.113.7' })).status).toBe(200);
  const own = await read(addresses, `{${NGINX}/whitelist-source-range: 198.51.100.0/24}`);
  expect((await ask(own, { source: '198.51.100.7' })).status).toBe(200);
  const body = await read({ 'proxy-body-size': '1k', 'ssl-redirect': 'false' });
  expect((await ask(body, { method: 'POST', body: 'x'.repeat(2000) })).status).toBe(413);
});

test('hsts', async () => {
  const header = async (data: Record<string, string>) =>
    (await ask(await read(data), secure)).headers?.['strict-transport-security'];
  expect(await header({})).toBe('max-age=31536000; includeSubDomains');
  expect(await header({ hsts: 'false' })).toBeUndefined();
  expect(await header({ 'hsts-max-age': '60', 'hsts-include-subdomains': 'false', 'hsts-preload': 'true' })).toBe(
    'max-age=60; preload',
  );
});

test('the global authentication is a condition of every Ingress that takes part', async () => {
  const data = { 'global-auth-url': 'http://auth.auth.svc.cluster.local/check' };
  const asked = await ask(await read(data), secure);
  expect(asked.unknown).toContainEqual(expect.objectContaining({ feature: 'condition.external-auth' }));
  const out = await ask(await read(data, `{${NGINX}/enable-global-auth: "false"}`), secure);
  expect((out.unknown ?? []).filter((u) => u.feature === 'condition.external-auth')).toEqual([]);
});

test('what is not modelled is an unknown by its name; what is harmless, or switched off, is none', async () => {
  const names = async (data: Record<string, string>) =>
    ((await ask(await read(data), secure)).unknown ?? []).map((u) => u.feature);
  expect(await names({ 'server-snippet': 'return 403;', 'use-forwarded-headers': 'true', 'made-up-key': 'x' })).toEqual(
    ['configmap.server-snippet', 'configmap.use-forwarded-headers', 'configmap.made-up-key'],
  );
  expect(
    await names({ 'worker-processes': '4', 'use-forwarded-headers': 'false', 'log-format-upstream': 'x' }),
  ).toEqual([]);
  expect(diff(await read({}), await read({ 'server-snippet': 'return 403;' })).equivalent).not.toBe(true);
  expect(diff(await read({ 'server-snippet': 'a;' }), await read({ 'server-snippet': 'a;' })).equivalent).toBe(true);
});

test('which ConfigMap it is can be said, and is said where several may be', async () => {
  const text =
    ingress() + configMap({ 'http-redirect-code': '301' }, 'mine') + configMap({ 'http-redirect-code': '307' });
  const flags = { 'ingress-nginx-configmap': 'ingress-nginx/mine' };
  expect((await ask(await load({ file: 'a.yaml', text }))).status).toBe(307);
  expect((await ask(await load({ file: 'a.yaml', text }, { flags }))).status).toBe(301);
  const two = await load({ file: 'a.yaml', text: text + configMap({}, 'x-ingress-nginx-controller') });
  expect(two.assumptions.map((a) => a.code)).toContain('ingress-nginx-configmap');
  const gone = await load({ file: 'a.yaml', text: ingress() }, { flags });
  expect(gone.assumptions.map((a) => a.message).join()).toContain('ingress-nginx/mine is not in the files');
});

test('a translation carries it over, and proves it', async () => {
  const config = await read({
    'ssl-redirect': 'false',
    hsts: 'false',
    'proxy-body-size': '100m',
    'http-redirect-code': '301',
  });
  const { verified } = convert(config, { from: 'ingress', to: 'istio', verify: true });
  expect(verified?.unannounced).toBe(0);
  const unknown = convert(await read({ 'server-snippet': 'return 403;' }), {
    from: 'ingress',
    to: 'istio',
    verify: true,
  });
  expect(unknown.verified?.equivalent).not.toBe(true);
});
