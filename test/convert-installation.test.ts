// Extension providers that the policies of an output name: a file of its own, which meshgw and istioctl read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderOf, meshgwIn } from './run-cli.js';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
  annotations:
    nginx.ingress.kubernetes.io/auth-url: http://oauth2-proxy.auth.svc.cluster.local:4180/oauth2/auth
    nginx.ingress.kubernetes.io/auth-response-headers: x-auth-request-user
spec:
  ingressClassName: nginx
  rules: [{host: app.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}}]
`;

for (const to of ['istio', 'gateway-api'])
  test(`${to}: --out writes it beside the objects, and with it the policy is asked`, async () => {
    const cwd = folderOf({ 'in.yaml': INGRESS });
    const { err } = await meshgwIn(cwd, ['convert', `ingress-to-${to}`, '-f', 'in.yaml', '--out', 'out']);
    expect(err).toContain('wrote out/installation/istio-operator.yaml');
    const operator = parse(readFileSync(join(cwd, 'out/installation/istio-operator.yaml'), 'utf8'));
    expect(operator.spec.meshConfig.extensionProviders).toEqual([
      {
        name: 'oauth2-proxy-auth-4180-oauth2-auth',
        envoyExtAuthzHttp: {
          service: 'oauth2-proxy.auth.svc.cluster.local',
          port: 4180,
          pathPrefix: '/oauth2/auth',
          includeRequestHeadersInCheck: ['authorization', 'cookie'],
          headersToUpstreamOnAllow: ['x-auth-request-user'],
          headersToDownstreamOnDeny: ['location', 'set-cookie', 'www-authenticate'],
        },
      },
    ]);
    // With it the provider is known by what it asks, and nothing about it has to be assumed.
    const ask = ['simulate', 'http://app.example.com/', '-o', 'json'];
    const known = await meshgwIn(cwd, [...ask, '-f', 'out']);
    expect(JSON.parse(known.out)[0].unknown).toMatchObject([
      { message: expect.stringContaining('(oauth2-proxy.auth.svc.cluster.local)') },
    ]);
    expect(known.err).toBe('');
    const without = await meshgwIn(cwd, [...ask, '-f', 'out/*.yaml']);
    expect(without.err).toContain('assumed: the mesh configuration of Istio is not in the files');
    const plan = await meshgwIn(cwd, ['convert', `ingress-to-${to}`, '-f', 'in.yaml', '--plan', '-o', 'markdown']);
    expect(plan.out).toMatch(
      /## To do in the cluster[\s\S]*```yaml\napiVersion: install\.istio\.io[\s\S]*## Order of the move/,
    );
  });

test('where nobody is asked there is none', async () => {
  const cwd = folderOf({ 'in.yaml': INGRESS.replace(/auth-url: .*/, 'ssl-redirect: "false"') });
  const { err } = await meshgwIn(cwd, ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--out', 'out']);
  expect(err).toContain('wrote 2 files to out\n');
  expect(err).not.toContain('installation');
});

test('Istio finds a Service by its full name: one that ends at svc is completed', async () => {
  const cwd = folderOf({ 'in.yaml': INGRESS.replace('auth.svc.cluster.local:4180', 'auth.svc:4180') });
  const { out } = await meshgwIn(cwd, ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--plan', '-o', 'json']);
  expect(JSON.parse(out).installation.spec.meshConfig.extensionProviders).toMatchObject([
    { envoyExtAuthzHttp: { service: 'oauth2-proxy.auth.svc.cluster.local' } },
  ]);
});
