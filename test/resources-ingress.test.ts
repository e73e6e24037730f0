// Ingress of every version in one shape, with origins that point at what was written.

import { expect, test } from 'vitest';
import { formatPath } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { ingressKinds, upgradeIngress } from '../src/resources/ingress.js';
import { findPort, findService } from '../src/resources/services.js';
import { locate, parseSource } from '../src/sources/index.js';

const ingress = (apiVersion: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: Ingress\nmetadata:\n  name: a\nspec:\n${spec.replace(/^/gm, '  ')}\n`;

const NEW = ingress(
  'networking.k8s.io/v1',
  `defaultBackend: {service: {name: fallback, port: {number: 80}}}
rules:
- host: a.example.com
  http:
    paths:
    - path: /a
      pathType: Prefix
      backend:
        service:
          name: web
          port: {name: http}
    - pathType: Exact
      path: /r
      backend: {resource: {apiGroup: k8s.example.com, kind: Bucket, name: b}}
- host: b.example.com
tls: [{hosts: [a.example.com], secretName: cert}]`,
);
const OLD = ingress(
  'extensions/v1beta1',
  `backend: {serviceName: fallback, servicePort: 80}
rules:
- host: a.example.com
  http:
    paths:
    - path: /a
      backend:
        serviceName: web
        servicePort: http
    - path: /n
      pathType: Exact
      backend: {serviceName: web, servicePort: 8080}`,
);

const only = (text: string) => parseSource('i.yaml', text).resources[0]!;

test('v1 as it is', () => {
  const view = upgradeIngress(only(NEW));
  expect(view.defaultBackend?.service).toEqual({ name: 'fallback', port: { number: 80 } });
  expect(
    view.rules.map((r) => [
      r.host,
      r.paths.map((p) => [p.path, p.pathType, p.backend?.service, p.backend?.resource?.kind]),
    ]),
  ).toEqual([
    [
      'a.example.com',
      [
        ['/a', 'Prefix', { name: 'web', port: { name: 'http' } }, undefined],
        ['/r', 'Exact', undefined, 'Bucket'],
      ],
    ],
    ['b.example.com', []],
  ]);
  expect(view.tls).toMatchObject([{ hosts: ['a.example.com'], secretName: 'cert' }]);
});

test('the older versions look like v1, their origins do not', () => {
  const view = upgradeIngress(only(OLD));
  expect(view.defaultBackend?.service).toEqual({ name: 'fallback', port: { number: 80 } });
  expect(formatPath(view.defaultBackend!.origin.path)).toBe('spec.backend');
  const [first, second] = view.rules[0]!.paths;
  expect([first?.pathType, second?.pathType]).toEqual(['ImplementationSpecific', 'Exact']);
  expect(first?.backend?.service).toEqual({ name: 'web', port: { name: 'http' } });
  expect(second?.backend?.service).toEqual({ name: 'web', port: { number: 8080 } });
  expect(formatPath(first!.backend!.portOrigin.path)).toBe('spec.rules[0].http.paths[0].backend.servicePort');
  expect(locate(first!.backend!.nameOrigin)).toEqual({ file: 'i.yaml', line: 13, column: 24 });
});

test('Ingresses of both groups are found; nonsense is absent, not an exception', () => {
  const { resources } = parseSource(
    'i.yaml',
    `${NEW}---\n${OLD.replace('name: a', 'name: b')}---\n${ingress('networking.k8s.io/v1', 'rules: 7\ntls: [x]\ndefaultBackend: []').replace('name: a', 'name: c')}`,
  );
  const catalog = catalogOf(resources);
  expect(ingressKinds.flatMap((kind) => catalog.ofKind(kind))).toHaveLength(3);
  expect(upgradeIngress(resources[2]!)).toMatchObject({ rules: [], tls: [{ hosts: [] }] });
});

test('a Service by name, its ports by number and by name', () => {
  const text = `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n  - {name: http, port: 80, targetPort: web}\n  - {name: alt, port: 8080}\n`;
  const catalog = catalogOf(parseSource('s.yaml', text, 'shop').resources);
  const service = findService(catalog, 'shop', 'web')!;
  expect(service).toMatchObject({ type: 'ClusterIP', headless: false });
  expect(findPort(service, { name: 'alt' })).toMatchObject({ port: 8080, targetPort: 8080 });
  expect(findPort(service, { number: 80 })).toMatchObject({ name: 'http', targetPort: 'web', protocol: 'TCP' });
  expect([findPort(service, { number: 81 }), findService(catalog, 'default', 'web')]).toEqual([undefined, undefined]);
});
