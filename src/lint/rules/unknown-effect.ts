// What the files hold and nobody here can predict: an EnvoyFilter with code, a WebAssembly plugin, another vendor's policy. Every answer
// of the gateway is given as if it were not there; simulate, routes and diff name it where it applies.

import { harmless, unaskedAnchor } from '../../implementations/istio/patch-effect.js';
import { REFUSED_ROUTE } from '../../implementations/istio/refused-routes.js';
import { isUnknown, originOf, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectsOf, specOf } from '../../resources/fields.js';
import { documents, server } from '../examples.js';
import type { Rule } from '../rule.js';

/** Snippets of nginx and what Envoy refuses have rules of their own (MGW1206, MGW0459 to MGW0461, MGW1601), values of a wrong type are errors of their field. */
const isTold = ({ feature }: Unsupported): boolean =>
  feature === 'meshconfig.invalid' ||
  feature === 'envoy.shape' ||
  feature.startsWith(REFUSED_ROUTE) ||
  /^annotation\..*snippet$/.test(feature);

const GATEWAY = server('port: {number: 80, name: http, protocol: HTTP}\nhosts: [shop.example.com]');

const envoyFilter = (subFilter: string, name: string, type: string): string =>
  [
    'apiVersion: networking.istio.io/v1alpha3',
    'kind: EnvoyFilter',
    'metadata: {name: patch, namespace: istio-system}',
    'spec:',
    '  workloadSelector: {labels: {istio: ingressgateway}}',
    '  configPatches:',
    '  - applyTo: HTTP_FILTER',
    '    match:',
    '      context: GATEWAY',
    `      listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: ${subFilter}}}}}`,
    '    patch:',
    '      operation: INSERT_BEFORE',
    `      value: {name: ${name}, typed_config: {"@type": type.googleapis.com/${type}}}`,
    '',
  ].join('\n');

const ROUTER = 'envoy.filters.http.router';
const LUA = ['envoy.filters.http.lua', 'envoy.extensions.filters.http.lua.v3.Lua'] as const;
const TAP = ['envoy.filters.http.tap', 'envoy.extensions.filters.http.tap.v3.Tap'] as const;

export const rules: readonly Rule[] = [
  {
    code: 'MGW1501',
    name: 'unknown-effect',
    severity: 'info',
    category: 'note',
    title: 'A setting that can change responses is not modelled',
    docs: () => ({
      happens:
        'meshgw does not model this setting: requests can be answered differently from what simulate, routes and ways-in print. They name it at each answer that it can change, and diff and --verify are undecided where only one side has it.',
      instead: 'Test what it does on a real gateway; everything else about the configuration is still checked.',
      bad: documents(GATEWAY, envoyFilter(ROUTER, ...LUA)),
      good: documents(GATEWAY, envoyFilter(ROUTER, ...TAP)),
    }),
    check: ({ gateways }, report) => {
      // Several gateways can be reached by one object.
      const seen = new Set<string>();
      for (const gateway of gateways)
        for (const unknown of gateway.unsupported) {
          const { detail, origin, feature } = unknown;
          const key = JSON.stringify([origin.resource.order, origin.path, feature, detail]);
          if (!isUnknown(unknown) || isTold(unknown) || seen.has(key)) continue;
          seen.add(key);
          report({ message: `not predicted: ${detail.replace(/\.$/, '')}`, at: origin });
        }
    },
  },
  {
    code: 'MGW1502',
    name: 'envoy-filter-anchor',
    severity: 'warning',
    category: 'reference',
    title: 'An EnvoyFilter patch refers to a filter that the gateway does not have',
    docs: () => ({
      happens:
        'Istio looks for the named HTTP filter in the configuration that it generates for the gateway, does not find it, and leaves the patch out without an error.',
      instead:
        'Name a filter that is there, such as `envoy.filters.http.router`; `istioctl proxy-config listeners POD -o json` lists them.',
      bad: documents(GATEWAY, envoyFilter('envoy.filters.http.nosuch', ...LUA)),
      good: documents(GATEWAY, envoyFilter(ROUTER, ...LUA)),
    }),
    check: ({ catalog }, report) => {
      for (const { patch, at } of filterPatches(catalog)) {
        const quiet = harmless(patch, catalog);
        const unasked = unaskedAnchor(patch, catalog);
        if (quiet?.because === 'no-anchor')
          report({
            message: `Istio generates no HTTP filter ${JSON.stringify(quiet.anchor)} for a gateway: the patch has no effect`,
            at,
          });
        else if (unasked)
          report({
            severity: 'info',
            message: `Istio generates the HTTP filter ${JSON.stringify(unasked.anchor)} only for objects of kind ${unasked.kind.split('/')[1]}, and the files hold none: without one the patch has no effect`,
            at,
          });
      }
    },
  },
];

/** Each with the place where it names an HTTP filter. */
const filterPatches = (catalog: Catalog) =>
  catalog.ofKind('networking.istio.io/EnvoyFilter').flatMap((resource) =>
    objectsOf(specOf(resource).configPatches).map((patch, i) => {
      const path = ['match', 'listener', 'filterChain', 'filter', 'subFilter', 'name'];
      return { patch, at: originOf(resource, 'spec', 'configPatches', i, ...path) };
    }),
  );
