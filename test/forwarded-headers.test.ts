// What ingress-nginx tells destinations about the client by itself: one item of the report, and headers of the rules where they are wanted.
import { expect, test } from 'vitest';
import { convert, load, simulate } from '../src/api/index.js';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]
`;
const CLIENT = { method: 'GET', host: 'shop.example.com', path: '/', source: '203.0.113.7' } as const;

for (const to of ['istio', 'gateway-api'] as const) {
  const written = async (forwardedHeaders: boolean) => {
    const config = await load({ file: 'in.yaml', text: INGRESS });
    return convert(config, { from: 'ingress', to, verify: true, forwardedHeaders });
  };

  test(`${to}: destinations get what nginx sends, over http and https`, async () => {
    const { yaml, items, verified } = await written(true);
    expect(verified).toMatchObject({ unannounced: 0, undecided: [] });
    expect(items.filter((i) => i.feature === 'engine.forwarded-headers')).toMatchObject([
      { message: 'X-Forwarded-For holds what the client sent before its address', group: 'todo' },
    ]);
    const after = await load({ file: 'out.yaml', text: yaml });
    for (const scheme of ['http', 'https'] as const) {
      const { upstream } = await simulate(after, { ...CLIENT, scheme, port: scheme === 'http' ? 80 : 443 });
      expect(upstream!.set).toMatchObject({
        'x-real-ip': '203.0.113.7',
        'x-forwarded-host': 'shop.example.com',
        'x-forwarded-port': scheme === 'http' ? '80' : '443',
        'x-forwarded-scheme': scheme,
        'x-scheme': scheme,
      });
    }
  });

  test(`${to}: without the flag one item says what to do`, async () => {
    const { yaml, items } = await written(false);
    expect(yaml).not.toContain('x-real-ip');
    expect(items.filter((i) => i.feature === 'engine.forwarded-headers')).toMatchObject([
      { severity: 'approximate', group: 'todo', message: expect.stringContaining('--forwarded-headers') },
    ]);
  });
}

test('headers of snippets stay', async () => {
  const text = INGRESS.replace(
    'ssl-redirect: "false"',
    'configuration-snippet: "proxy_set_header X-Real-IP 192.0.2.1;", nginx.ingress.kubernetes.io/ssl-redirect: "false"',
  );
  const config = await load({ file: 'in.yaml', text });
  const { yaml } = convert(config, { from: 'ingress', to: 'istio', forwardedHeaders: true });
  expect(yaml).toContain('192.0.2.1');
  expect(yaml).not.toContain('DOWNSTREAM_REMOTE_ADDRESS');
});

test('targets without values of the request in headers are refused', async () => {
  const file = { file: 'in.yaml', text: INGRESS };
  const plain = await load(file, { implementation: 'standard' });
  expect(() => convert(plain, { from: 'ingress', to: 'gateway-api', forwardedHeaders: true })).toThrow(/is for Istio/);
  expect(() => convert(plain, { from: 'ingress', to: 'ingress', forwardedHeaders: true })).toThrow(/is for Istio/);
});
