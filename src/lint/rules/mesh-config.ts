// Istio's mesh configuration beside what depends on it. Its own fields are checked as those of every kind (schemas/mesh.istio.io.MeshConfig.json).

import { MESH_KIND } from '../../implementations/istio/mesh-config.js';
import { type AuthorizationPolicy, formatResource, originOf } from '../../model/index.js';
import { documents, server } from '../examples.js';
import type { Rule } from '../rule.js';

const GATEWAY = server('port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]');

const custom = (provider: string): string =>
  [
    'apiVersion: security.istio.io/v1',
    'kind: AuthorizationPolicy',
    'metadata: {name: login, namespace: istio-system}',
    'spec:',
    '  selector: {matchLabels: {istio: ingressgateway}}',
    '  action: CUSTOM',
    `  provider: {name: ${provider}}`,
    '  rules: [{}]',
    '',
  ].join('\n');

const mesh = (name: string, lines: readonly string[]): string =>
  [
    'apiVersion: v1',
    'kind: ConfigMap',
    `metadata: {name: ${name}, namespace: istio-system}`,
    'data:',
    '  mesh: |-',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

const PROVIDER = [
  'extensionProviders:',
  '- name: login',
  '  envoyExtAuthzHttp: {service: login.auth.svc.cluster.local, port: 8000}',
];

export const rules: readonly Rule[] = [
  {
    code: 'MGW1530',
    name: 'custom-provider',
    severity: 'error',
    category: 'reference',
    title: 'Istio denies what a CUSTOM policy matches, because it cannot ask the provider',
    docs: () => ({
      happens:
        'The extension provider is not in the mesh configuration, is not valid, or is one of several for one gateway: every request that the rules match is answered 403.',
      instead:
        'A provider of type envoyExtAuthzHttp or envoyExtAuthzGrpc in `extensionProviders` with this name, and the same one in all CUSTOM policies of a gateway (or PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS).',
      bad: documents(GATEWAY, custom('logon'), mesh('istio', PROVIDER)),
      good: documents(GATEWAY, custom('login'), mesh('istio', PROVIDER)),
    }),
    check: ({ gateways, catalog, unbuilt }, report) => {
      // A patch of kustomize may add the provider.
      const open = catalog.ofKind(MESH_KIND).some((resource) => unbuilt?.(resource));
      const seen = new Map<string, AuthorizationPolicy>();
      for (const { listeners } of gateways)
        for (const { filterChains } of listeners)
          for (const { policies } of filterChains)
            for (const policy of policies?.authorization ?? [])
              if (policy.first && !policy.dryRun) seen.set(formatResource(policy.origin.resource), policy);
      for (const { first, origin } of seen.values())
        report({
          message: `every request that the rules match is answered 403: ${first!.why}${open ? ' (kustomize builds its folder: patches were not applied)' : ''}`,
          at: originOf(origin.resource, 'spec', 'provider', 'name'),
          ...(open ? { severity: 'warning' } : {}),
        });
    },
  },
  {
    code: 'MGW1531',
    name: 'mesh-config-differs',
    severity: 'warning',
    category: 'conflict',
    title: 'Mesh configurations contradict each other',
    docs: () => ({
      happens:
        'Several mesh configurations are among the files (revisions, environments, an IstioOperator beside its ConfigMap), and they give gateways different settings. One of them is taken for all gateways.',
      instead: 'Name the one that counts with --istio-mesh-config, or leave the others out with --exclude.',
      bad: documents(mesh('istio', ['ingressClass: istio']), mesh('istio-canary', ['ingressClass: canary'])),
      good: documents(mesh('istio', ['ingressClass: istio']), mesh('istio-canary', ['ingressClass: istio'])),
    }),
    check: ({ assumptions = [] }, report) => {
      for (const { code, message, hint, origin } of assumptions)
        if (code === 'istio-mesh-config-differs' && origin)
          report({ message: hint === undefined ? message : `${message} (${hint})`, at: origin });
    },
  },
];
