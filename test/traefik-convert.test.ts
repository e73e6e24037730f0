// Ingresses of Traefik's classes are translated with the others; the middlewares that they name are read, and IngressRoutes beside them stay.
import { expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

const ingress = (name: string, className: string, host: string, annotations = '{}'): string =>
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: default, annotations: ${annotations}}
spec:
  ingressClassName: ${className}
  rules:
    - host: ${host}
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`;

const MIDDLEWARE = `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: tier, namespace: default}
spec: {headers: {customRequestHeaders: {X-Tier: gold}}}
`;

const ROUTE = `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: beside, namespace: default}
spec: {entryPoints: [web], routes: [{kind: Rule, match: 'Host(\`c.example.com\`)', services: [{name: web, port: 80}]}]}
`;

const NAMED = '{traefik.ingress.kubernetes.io/router.middlewares: default-tier@kubernetescrd}';

test('Ingresses of both classes are written, with the middleware that one names', async () => {
  const files = folderOf({
    'a.yaml': [
      ingress('ours', 'nginx', 'a.example.com'),
      ingress('theirs', 'traefik', 'b.example.com', NAMED),
      MIDDLEWARE,
    ].join('---\n'),
  });
  for (const to of ['istio', 'gateway-api', 'envoy']) {
    const { out } = await meshgwIn(files, ['convert', `ingress-to-${to}`, '-f', 'a.yaml', '--allow-loss']);
    expect([to, out.includes('a.example.com'), out.includes('b.example.com'), out.includes('gold')]).toEqual([
      to,
      true,
      true,
      true,
    ]);
  }
});

test('an IngressRoute on the same gateway stays, and is named', async () => {
  const files = folderOf({ 'a.yaml': [ingress('theirs', 'traefik', 'b.example.com'), ROUTE].join('---\n') });
  const { out, err } = await meshgwIn(files, ['convert', 'ingress-to-istio', '-f', 'a.yaml', '--allow-loss']);
  expect([out.includes('b.example.com'), out.includes('c.example.com')]).toEqual([true, false]);
  expect(err).toMatch(/object\.stays[\s\S]*IngressRoute default\/beside/);
});

test('a target is told nothing in words of the engine', async () => {
  const files = folderOf({
    'a.yaml': [
      ROUTE.replace('services:', 'middlewares: [{name: cut}, {name: new}], services:'),
      'apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: cut, namespace: default}\nspec: {stripPrefixRegex: {regex: ["/a[0-9]"]}}\n',
      'apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: new, namespace: default}\nspec: {replacePathRegex: {regex: "b", replacement: "%zz"}}\n',
    ].join('---\n'),
  });
  for (const to of ['istio', 'gateway-api', 'envoy', 'ingress']) {
    const { out } = await meshgwIn(files, ['convert', `traefik-to-${to}`, '-f', 'a.yaml', '--allow-loss']);
    expect(out).not.toMatch(/"ask"|:pathname/);
  }
});

test('the default certificate of a TLSStore is that of every host without one; of two stores neither counts', async () => {
  const secure = ROUTE.replace('[web]', '[websecure]');
  const store = (namespace: string): string =>
    `apiVersion: traefik.io/v1alpha1\nkind: TLSStore\nmetadata: {name: default, namespace: ${namespace}}\nspec: {defaultCertificate: {secretName: wild}}\n`;
  const written = async (...objects: readonly string[]) =>
    (
      await meshgwIn(folderOf({ 'a.yaml': objects.join('---\n') }), [
        'convert',
        'traefik-to-istio',
        '-f',
        'a.yaml',
        '--allow-loss',
      ])
    ).out;
  expect(await written(secure, store('default'))).toMatch(/protocol: HTTPS[\s\S]*credentialName: wild/);
  expect(await written(secure)).not.toContain('HTTPS');
  expect(await written(secure, store('default'), store('other'))).not.toContain('HTTPS');
});
