// DestinationRules beside the other files: is there such a host, do the subsets select anything, are two rules for one
// host, who checks the server's certificate. pkg/config/analysis/analyzers/destinationrule (Istio of 2026-08-22).

import { type JsonObject, originOf, type Resource } from '../../model/index.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import { destinationRule, documents, service } from '../examples.js';
import { knownHosts } from '../known-hosts.js';
import type { Rule } from '../rule.js';
import { replacedWorkloads, selects, type Workload, workloads } from '../selectors.js';
import { together } from '../together.js';

const KIND = 'networking.istio.io/DestinationRule';
const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop-1\n  namespace: default\n  labels: {app: shop, version: v1}\n';
const tls = (settings: string) => destinationRule(`host: partner.example.com\ntrafficPolicy:\n  tls: {${settings}}`);

/** SIMPLE or MUTUAL without an own CA, and without a credential that a workloadSelector makes usable. */
const unverified = (settings: JsonObject | undefined, selected: boolean): boolean =>
  (settings?.mode === 'SIMPLE' || settings?.mode === 'MUTUAL') &&
  !stringOf(settings.caCertificates) &&
  !(stringOf(settings.credentialName) && selected);

const TRUST =
  'Istio then checks the server against the CAs of the operating system (VERIFY_CERTIFICATE_AT_CLIENT, on by default since 1.20); a private CA is refused.';

export const rules: readonly Rule[] = [
  {
    code: 'MGW0119',
    name: 'destination-rule-host-not-found',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0174',
    kiali: 'KIA0202',
    title: 'The host of a DestinationRule does not exist',
    docs: () => ({
      happens: 'The rule applies to nothing.',
      instead: 'The name of a Service or the host of a ServiceEntry.',
      bad: documents(SHOP, destinationRule('host: shopp\ntrafficPolicy:\n  tls: {mode: ISTIO_MUTUAL}')),
      good: documents(SHOP, destinationRule('host: shop\ntrafficPolicy:\n  tls: {mode: ISTIO_MUTUAL}')),
    }),
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      for (const resource of catalog.ofKind(KIND)) {
        const host = stringOf(specOf(resource).host) ?? '';
        if (known.lookup(host, resource.namespace).kind === 'missing')
          report({
            message: `${known.fullName(host, resource.namespace)} does not exist: it is not among the Services and ServiceEntries of the files; the rule applies to nothing`,
            at: originOf(resource, 'spec', 'host'),
          });
      }
    },
  },
  {
    code: 'MGW0120',
    name: 'subset-selects-nothing',
    severity: 'error',
    category: 'reference',
    istio: 'IST0173',
    kiali: 'KIA0203',
    title: 'The labels of a subset select no Pod',
    docs: () => ({
      happens: 'Requests to the subset get 503 (flag UH).',
      instead: 'Labels that Pods of the Service have.',
      bad: documents(SHOP, POD, destinationRule('host: shop\nsubsets: [{name: v2, labels: {version: v2}}]')),
      good: documents(SHOP, POD, destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]')),
    }),
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      const all = workloads(catalog);
      if (!all.length) return;
      const others = replacedWorkloads(catalog);
      const { areTogether } = together(catalog);
      for (const resource of catalog.ofKind(KIND)) {
        const spec = specOf(resource);
        const found = known.lookup(stringOf(spec.host) ?? '', resource.namespace);
        const target =
          found.kind === 'found' ? found.hosts.find((h) => h.resource.kind === 'Service')?.resource : undefined;
        const selector = stringMapOf(target && specOf(target).selector);
        if (!target || !Object.keys(selector).length) continue;
        const isBehind = (w: Workload) => w.namespace === target.namespace && selects(selector, w.labels);
        const behind = all.filter(isBehind);
        // Of other environments, where somebody's own is replaced here.
        const elsewhere = others.filter(isBehind);
        // Without a workload of the Service in the files, nothing is known about its labels.
        if (!behind.length) continue;
        for (const [index, subset] of objectsOf(spec.subsets).entries()) {
          // Labels of the place where a Pod runs are not in the files (topology.kubernetes.io/…).
          const labels = Object.fromEntries(
            Object.entries(stringMapOf(subset.labels)).filter(([key]) => !/^topology\.|^kubernetes\.io\//.test(key)),
          );
          if (![...behind, ...elsewhere].some((w) => selects(labels, w.labels)))
            report({
              message: `the subset "${stringOf(subset.name) ?? ''}" selects none of the workloads of ${target.name} in the files: requests to it get 503`,
              at: originOf(resource, 'spec', 'subsets', index, ...(subset.labels ? ['labels'] : [])),
              ...(behind.some((w) => areTogether(resource, w.resource)) ? {} : { severity: 'warning' }),
            });
        }
      }
    },
  },
  {
    code: 'MGW0136',
    name: 'duplicate-destination-rule',
    severity: 'warning',
    category: 'conflict',
    kiali: 'KIA0201',
    title: 'Two DestinationRules define the same subset or the policy of one host',
    docs: () => ({
      happens:
        'Istio merges rules for one host: subsets add up, but only the traffic policy of the oldest rule applies, and of two subsets with one name the older.',
      instead: 'One DestinationRule per host.',
      bad: documents(
        destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]', 'one'),
        destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v2}}]', 'two'),
      ),
      good: documents(
        destinationRule('host: shop\nsubsets: [{name: v1, labels: {version: v1}}]', 'one'),
        destinationRule('host: shop\nsubsets: [{name: v2, labels: {version: v2}}]', 'two'),
      ),
    }),
    check: ({ catalog }, report) => {
      const known = knownHosts(catalog);
      const first = new Map<string, Resource>();
      for (const resource of catalog.ofKind(KIND)) {
        const spec = specOf(resource);
        if (spec.workloadSelector) continue;
        const host = `${known.fullName(stringOf(spec.host) ?? '', resource.namespace)} ${stringsOf(spec.exportTo).join()} ${resource.namespace}`;
        const claims = [
          ...(objectOf(spec.trafficPolicy)
            ? [{ key: 'policy', at: originOf(resource, 'spec', 'trafficPolicy'), what: 'traffic policy' }]
            : []),
        ].concat(
          objectsOf(spec.subsets).map((subset, i) => ({
            key: `subset ${stringOf(subset.name)}`,
            at: originOf(resource, 'spec', 'subsets', i),
            what: `subset "${stringOf(subset.name)}"`,
          })),
        );
        for (const { key, at, what } of claims) {
          const other = first.get(`${host} ${key}`);
          if (other && other !== resource)
            report({
              message: `${other.namespace}/${other.name} has the ${what} of this host too: only one of them applies`,
              at,
              related: [{ message: 'the other rule', place: originOf(other, 'spec') }],
            });
          else first.set(`${host} ${key}`, resource);
        }
      }
    },
  },
  {
    code: 'MGW0513',
    name: 'tls-without-ca',
    severity: 'info',
    category: 'security',
    istio: 'IST0128',
    title: 'TLS to a destination without a CA of its own',
    docs: () => ({
      happens: TRUST,
      instead:
        'caCertificates (or a credentialName with a workloadSelector) where the server has a certificate of a private CA.',
      bad: tls('mode: SIMPLE'),
      good: tls('mode: SIMPLE, caCertificates: /etc/certs/ca.pem'),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.ofKind(KIND)) {
        const spec = specOf(resource);
        if (unverified(objectOf(objectOf(spec.trafficPolicy)?.tls), spec.workloadSelector !== undefined))
          report({
            message: 'no caCertificates: the server is checked against the public CAs of the operating system',
            at: originOf(resource, 'spec', 'trafficPolicy', 'tls'),
          });
      }
    },
  },
  {
    code: 'MGW0514',
    name: 'tls-without-ca-on-port',
    severity: 'info',
    category: 'security',
    istio: 'IST0129',
    title: 'TLS to a port of a destination without a CA of its own',
    docs: () => ({
      happens: TRUST,
      instead: 'caCertificates in the settings of the port.',
      bad: destinationRule(
        'host: partner.example.com\ntrafficPolicy:\n  portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]',
      ),
      good: destinationRule(
        'host: partner.example.com\ntrafficPolicy:\n  portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE, caCertificates: /etc/certs/ca.pem}}]',
      ),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.ofKind(KIND)) {
        const spec = specOf(resource);
        for (const [index, settings] of objectsOf(objectOf(spec.trafficPolicy)?.portLevelSettings).entries())
          if (unverified(objectOf(settings.tls), spec.workloadSelector !== undefined))
            report({
              message: 'no caCertificates: the server is checked against the public CAs of the operating system',
              at: originOf(resource, 'spec', 'trafficPolicy', 'portLevelSettings', index, 'tls'),
            });
      }
    },
  },
];
