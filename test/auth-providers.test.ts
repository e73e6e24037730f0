// External authentication of Ingresses as CUSTOM policies: Istio takes one provider for a gateway.
import { expect, test } from 'vitest';
import { convert, load } from '../src/api/index.js';

const ingress = (name: string, url: string, headers = '') => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    nginx.ingress.kubernetes.io/auth-url: ${url}
    nginx.ingress.kubernetes.io/auth-response-headers: "${headers}"
spec:
  ingressClassName: nginx
  rules: [{host: ${name}.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
`;
const CHECK = 'http://auth.auth.svc.cluster.local/check';
const MESH = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "extensionProviders: []"}
`;

for (const to of ['istio', 'gateway-api'] as const) {
  const translate = async (...texts: string[]) =>
    convert(await load({ file: 'a.yaml', text: texts.join('') }), { from: 'ingress', to, verify: true });
  const policies = ({ objects }: Awaited<ReturnType<typeof translate>>) =>
    (objects as { spec?: { action?: string; provider?: { name: string }; rules?: unknown[] } }[]).filter(
      (o) => o.spec?.action === 'CUSTOM',
    );

  test(`${to}: Ingresses that ask one address share a provider, with the headers of all`, async () => {
    const found = await translate(ingress('a', CHECK, 'x-user'), ingress('b', CHECK, 'x-mail'));
    expect(policies(found).map((p) => p.spec?.provider?.name)).toEqual(['auth-auth-check']);
    expect(found.yaml).toContain('headersToUpstreamOnAllow: [x-user, x-mail]');
    expect(found.yaml).not.toContain('PILOT_ENABLE_MULTIPLE');
    expect(found.verified?.unannounced).toBe(0);
  });

  test(`${to}: several are said to need a switch of istiod, and what Istio answers without it is announced`, async () => {
    const found = await translate(ingress('a', CHECK), ingress('b', `${CHECK}2`));
    expect(policies(found)).toHaveLength(2);
    expect(found.yaml).toContain('PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS=true');
    expect(found.verified?.unannounced).toBe(0);
    expect(found.verified?.differences.some((d) => d.after.status === 403)).toBe(true);
  });

  test(`${to}: a mesh configuration without the provider denies, which is announced`, async () => {
    const found = await translate(ingress('a', CHECK), MESH);
    expect(found.verified?.unannounced).toBe(0);
    expect(found.verified?.differences.some((d) => d.after.status === 403)).toBe(true);
  });
}

test('the name of a provider is a label of DNS, however long its address is', async () => {
  const url = (end: string) => `http://${'a'.repeat(50)}.auth.svc.cluster.local:4180/oauth2/auth${end}`;
  const config = await load({ file: 'a.yaml', text: ingress('a', url('1')) + ingress('b', url('2')) });
  const names = [...convert(config, { from: 'ingress', to: 'istio' }).yaml.matchAll(/provider:\n\s+name: (\S+)/g)].map(
    (m) => m[1]!,
  );
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][-a-z0-9]{0,61}[a-z0-9]$/);
});
