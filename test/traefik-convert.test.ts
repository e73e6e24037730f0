// Traefik's Ingresses are no part of a translation yet: they are named, and nothing is written for them.
import { expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

const ingress = (name: string, className: string, host: string): string =>
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: default}
spec:
  ingressClassName: ${className}
  rules:
    - host: ${host}
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`;

test('beside others they stay, with an item for each; the others are translated', async () => {
  const files = folderOf({
    'a.yaml': [ingress('ours', 'nginx', 'a.example.com'), ingress('theirs', 'traefik', 'b.example.com')].join('---\n'),
  });
  for (const to of ['istio', 'gateway-api', 'envoy']) {
    const { code, out, err } = await meshgwIn(files, ['convert', `ingress-to-${to}`, '-f', 'a.yaml']);
    expect([to, code, out.includes('a.example.com'), out.includes('b.example.com')]).toEqual([to, 1, true, false]);
    expect(err).toMatch(/object\.untranslated[\s\S]*Ingress default\/theirs/);
  }
});

test('where there are no others there is nothing to translate', async () => {
  const files = folderOf({ 'a.yaml': ingress('theirs', 'traefik', 'b.example.com') });
  const { code, out, err } = await meshgwIn(files, ['convert', 'ingress-to-istio', '-f', 'a.yaml']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain("it is Traefik's");
});
