// Which gateway workload the output binds to: one for all gateways that share no host, or the one that --target-gateway names.
import { expect, test } from 'vitest';
import { verifyTranslation } from '../src/api/verify.js';
import { writerOf } from '../src/api/writers.js';
import { targetGateway } from '../src/cli/flag-values.js';
import { convert } from '../src/convert/convert.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';

const ingress = (name: string, className: string, host: string) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  ingressClassName: ${className}
  tls: [{hosts: [${host}], secretName: cert}]
  rules: [{host: ${host}, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: ${name}, port: {number: 80}}}}]}}]
`;

function translated(text: string, options = {}) {
  const catalog = catalogOf(parseSource('input.yaml', text).resources);
  const translation = convert(catalog, { from: 'ingress', to: 'istio' }, writerOf, {}, options);
  const selectors = translation.objects.flatMap((o) =>
    o.kind === 'Gateway' ? [JSON.stringify((o.spec as { selector: object }).selector)] : [],
  );
  return {
    translation,
    selectors: [...new Set(selectors)],
    namespaces: new Set(
      translation.objects.flatMap((o) =>
        o.kind === 'Gateway' ? [(o.metadata as { namespace: string }).namespace] : [],
      ),
    ),
    unannounced: verifyTranslation({ catalog }, translation).unannounced,
    features: new Set(translation.items.map((i) => i.feature)),
  };
}

test('classes with hosts of their own become one workload, as an item says', () => {
  const t = translated(ingress('a', 'nginx', 'a.example.com') + ingress('b', 'haproxy', 'b.example.com'));
  expect(t.selectors).toEqual(['{"istio":"ingressgateway"}']);
  expect(t.unannounced).toBe(0);
  expect(t.features).toContain('gateway.shared');
  expect(t.features).not.toContain('gateway.workload');
});

test('classes that answer for the same host stay apart', () => {
  const t = translated(ingress('a', 'nginx', 'a.example.com') + ingress('b', 'haproxy', 'a.example.com'));
  expect(t.selectors).toHaveLength(2);
  expect(t.unannounced).toBe(0);
  expect(t.features).toContain('gateway.workload');
});

test('the workload of an Istio gateway of the files is its own', () => {
  const t = translated(ingress('a', 'istio', 'a.example.com') + ingress('b', 'haproxy', 'b.example.com'));
  expect(t.selectors.toSorted()).toEqual(['{"istio":"ingress-haproxy"}', '{"istio":"ingressgateway"}']);
  expect(t.unannounced).toBe(0);
});

test('--target-gateway names the workload and the namespace of the Gateways', () => {
  const options = { targetGateway: targetGateway('istio-ingress/app=public-gateway') };
  const t = translated(ingress('a', 'nginx', 'a.example.com'), options);
  expect(t.selectors).toEqual(['{"app":"public-gateway"}']);
  expect([...t.namespaces]).toEqual(['istio-ingress']);
  expect(t.translation.renamed.get('ingress-nginx')).toBe('app=public-gateway');
  expect(t.unannounced).toBe(0);
});

test.each(['public', 'a/b', 'a/b=', '/b=c', 'a/b=c,d=e'])('--target-gateway %s is refused', (text) => {
  expect(() => targetGateway(text)).toThrow('NAMESPACE/LABEL=VALUE');
});
