// Values that Istio's validation reads the same way in several kinds: ports, durations, percentages, statuses, hosts of
// destinations, names, labels, exportTo and workload selectors (pkg/config/validation, source of 2026-08-22).

export const REFUSED = "Istio's webhook refuses the object.";

export const TO_SHOP = 'route:\n- destination: {host: shop}';

export const ENTRY = 'hosts: [partner.example.com]\nports: [{number: 443, name: tls, protocol: TLS}]\nresolution: DNS';

export const DESTINATIONS = [
  'spec.http[].route[].destination',
  'spec.http[].mirror',
  'spec.http[].mirrors[].destination',
  'spec.tls[].route[].destination',
  'spec.tcp[].route[].destination',
];

/** Traffic policies: of the rule and of its subsets, and the settings per port inside them. */
export const POLICIES = ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'];

const POLICIES_AND_PORTS = POLICIES.flatMap((p) => [p, `${p}.portLevelSettings[]`]);

export const onPolicies = (suffixes: readonly string[]): string[] =>
  POLICIES_AND_PORTS.flatMap((p) => suffixes.map((s) => `${p}.${s}`));
