// Selectors of policies and patches that are nearly those of a gateway: NoMatchingWorkloadsFound in
// pkg/config/analysis/analyzers/authz/authorizationpolicies.go (Istio of 2026-08-22) says it of every selector without Pods, which are
// rarely in the files, or get their labels from kustomize.

import { nearestName } from '../../diagnostics/index.js';
import { meshConfig } from '../../implementations/istio/mesh-config.js';
import { originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringMapOf } from '../../resources/fields.js';
import { authorizationPolicy, documents, gateway } from '../examples.js';
import type { Rule } from '../rule.js';
import { formatSelector, type Labels, replacedWorkloads, selects, workloads } from '../selectors.js';
import { istioGateways } from '../virtual-service-parts.js';
import { selecting } from './selector-namespace.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const policy = (label: string) =>
  authorizationPolicy(
    `selector: {matchLabels: {istio: ${label}}}\naction: DENY\nrules: [{to: [{operation: {paths: [/admin*], ports: ["8080"]}}]}]`,
  ).replace('namespace: default', 'namespace: istio-system');

/** Labels of what an installation or a controller brings, which is in nobody's files. */
const isInstalled = (labels: Labels): boolean =>
  Object.entries(labels).every(
    ([key, value]) =>
      /^(?:gateway\.networking\.k8s\.io|istio\.io|service\.istio\.io)\//.test(key) ||
      (['app', 'istio'].includes(key) &&
        /^istio[a-z-]*$|^(?:ingress|egress|eastwest)(?:gateway)?$|^pilot$/.test(value)),
  );

/** `gateway-a` and `gateway-b`: one of several, and no slip of the pen. */
const isNumbered = (one: string, other: string): boolean => one.slice(0, -1) === other.slice(0, -1);

/** Workloads as far as the files show: their own, those behind Services, and the gateways that Gateways select. */
function running(catalog: Catalog): readonly { readonly namespace: string | undefined; readonly labels: Labels }[] {
  const services = catalog
    .ofKind('/Service')
    .map((service) => ({ namespace: service.namespace, labels: stringMapOf(specOf(service).selector) }));
  const gateways = istioGateways(catalog).map((resource) => ({
    namespace: undefined,
    labels: stringMapOf(specOf(resource).selector),
  }));
  return [...workloads(catalog), ...replacedWorkloads(catalog), ...services, ...gateways];
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW1513',
    name: 'selector-selects-nothing',
    severity: 'warning',
    category: 'security',
    istio: 'IST0127',
    title: 'No workload has the labels that a policy selects',
    docs: () => ({
      happens:
        'The object applies to nothing: a DENY policy denies nothing, an ALLOW policy restricts nobody, an EnvoyFilter patches nothing.',
      instead: 'Labels of the Pods that are meant; for a gateway, those of the `selector` of its Gateway.',
      bad: documents(GATEWAY, policy('ingresgateway')),
      good: documents(GATEWAY, policy('ingressgateway')),
    }),
    check: ({ catalog }, report) => {
      const known = running(catalog);
      const { rootNamespace } = meshConfig(catalog);
      const isSeen = ({ namespace }: { namespace: string | undefined }, of: string) =>
        namespace === undefined || namespace === of || of === rootNamespace;
      const gateways = [...new Set(istioGateways(catalog).map((g) => formatSelector(stringMapOf(specOf(g).selector))))];
      for (const { resource, labels, path } of selecting(catalog)) {
        if (Object.keys(labels).length === 0 || isInstalled(labels)) continue;
        const { namespace } = resource;
        const here = known.filter((w) => isSeen(w, namespace));
        if (here.some((w) => selects(labels, w.labels))) continue;
        const written = formatSelector(labels);
        const meant = nearestName(written, gateways);
        if (meant === undefined || isNumbered(written, meant)) continue;
        report({
          message: `no workload or Gateway of the files has the labels ${written}: did you mean ${meant}? Else the ${resource.kind} applies to nothing`,
          at: originOf(resource, 'spec', ...path),
        });
      }
    },
  },
];
