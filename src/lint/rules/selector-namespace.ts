// Policies and patches that select a gateway by its labels from a namespace where it does not run: a selector counts in the namespace of its
// object alone, but for the root namespace (ShouldAttachPolicy in pilot/pkg/model/policyattachment.go, Istio of 2026-08-22).

import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, specOf, stringMapOf } from '../../resources/fields.js';
import { authorizationPolicy, documents, gateway } from '../examples.js';
import { WITH_SELECTOR } from '../fields/field-rule.js';
import type { Rule } from '../rule.js';
import { formatSelector, type Labels, selects, workloads } from '../selectors.js';
import { istioGateways } from '../virtual-service-parts.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const policy = authorizationPolicy(
  'selector: {matchLabels: {istio: ingressgateway}}\naction: DENY\nrules: [{to: [{operation: {paths: [/admin*]}}]}]',
);

const ENVOY_FILTER = 'networking.istio.io/EnvoyFilter';
/** Where Istio's own ingress gateway runs as far as nothing else is known. */
const DEFAULT_GATEWAY: Labels = { istio: 'ingressgateway' };

interface Selecting {
  readonly resource: Resource;
  readonly labels: Labels;
  /** Of the labels, below spec. */
  readonly path: readonly string[];
}

export const selecting = (catalog: Catalog): Selecting[] =>
  [...WITH_SELECTOR, ENVOY_FILTER].flatMap((kind) =>
    catalog.ofKind(kind).map((resource): Selecting => {
      const { selector, workloadSelector } = specOf(resource);
      return kind === ENVOY_FILTER
        ? { resource, labels: stringMapOf(objectOf(workloadSelector)?.labels), path: ['workloadSelector', 'labels'] }
        : { resource, labels: stringMapOf(objectOf(selector)?.matchLabels), path: ['selector', 'matchLabels'] };
    }),
  );

/** Where workloads with labels run, as far as the files show: Pods and templates, and Services that select such Pods. */
function homesOf(catalog: Catalog) {
  const running = [
    ...workloads(catalog),
    ...catalog
      .ofKind('/Service')
      .map((service) => ({ namespace: service.namespace, labels: stringMapOf(specOf(service).selector) })),
  ];
  return (labels: Labels): Set<string> =>
    new Set(running.filter((w) => selects(labels, w.labels)).map((w) => w.namespace));
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW1507',
    name: 'selector-in-other-namespace',
    severity: 'warning',
    category: 'security',
    istio: 'IST0127',
    title: 'A policy selects the gateway by its labels from another namespace',
    docs: () => ({
      happens:
        'A selector counts in the namespace of its object only: a DENY policy denies nothing at the gateway, an EnvoyFilter patches nothing, the token rules of a RequestAuthentication do not apply.',
      instead: 'The object in the namespace where the gateway runs, or in the root namespace (istio-system).',
      bad: documents(GATEWAY, policy),
      good: documents(GATEWAY, policy.replace('namespace: default', 'namespace: istio-system')),
    }),
    check: ({ catalog }, report) => {
      const homes = homesOf(catalog);
      const { rootNamespace } = meshConfig(catalog);
      const gateways = istioGateways(catalog).map((resource) => ({
        namespace: resource.namespace,
        selector: stringMapOf(specOf(resource).selector),
      }));
      for (const { resource, labels, path } of selecting(catalog)) {
        const { namespace } = resource;
        if (namespace === rootNamespace || Object.keys(labels).length === 0) continue;
        const bound = gateways.filter(({ selector }) => selects(labels, selector));
        if (bound.length === 0) continue;
        const known = homes(labels);
        if (known.has(namespace)) continue;
        // A gateway with labels of its own may run beside its Gateway; Istio's runs in istio-system.
        const isDefault = bound.some(({ selector }) => selects(DEFAULT_GATEWAY, selector));
        if (known.size === 0 && !isDefault && bound.some((g) => g.namespace === namespace)) continue;
        const where =
          known.size > 0
            ? `runs in ${[...known].sort().join(', ')}`
            : `is taken to run in ${rootNamespace}, as no workload of it is in the files`;
        report({
          message: `${formatSelector(labels)} selects workloads of the namespace ${namespace} only, and the gateway ${where}: the ${resource.kind} does not apply to it`,
          at: originOf(resource, 'spec', ...path),
        });
      }
    },
  },
];
