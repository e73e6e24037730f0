// The AuthorizationPolicies of each workload: who is denied by its address, and who is asked about at an extension provider.

import { podPortsOf } from '../../../implementations/istio/pod-ports.js';
import { type AuthPolicy, joined } from '../../../implementations/istio/write/auth-rules.js';
import type { DenyRule } from '../../../implementations/istio/write/deny-rules.js';
import { installedPorts, withPodPorts } from '../../../implementations/istio/write/policy-ports.js';
import { append, type EffectiveGateway, type Listener } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { ROOT } from './root-namespace.js';
import { gatewayId, type Labels } from './workloads.js';

type Fields = Record<string, unknown>;

/** What a workload's AuthorizationPolicies contain. */
export interface Guards {
  readonly selector: Labels;
  readonly denied: DenyRule[];
  /** Of the gateways. */
  readonly listeners: Listener[];
  readonly asked: AuthPolicy[];
}

/** Those of the workload that takes the gateway's place: one for all gateways that share it. */
export function guardsOf({ listeners }: EffectiveGateway, selector: Labels, byWorkload: Map<string, Guards>): Guards {
  const id = gatewayId(selector);
  const guards = byWorkload.get(id) ?? { selector, denied: [], asked: [], listeners: [] };
  byWorkload.set(id, guards);
  append(guards.listeners, listeners);
  return guards;
}

/** `workloads`: how many have policies of their own. */
export function denyPolicy({ selector, denied, listeners }: Guards, workloads: number, catalog: Catalog): Fields[] {
  if (denied.length === 0) return [];
  const pods = podPortsOf(catalog, { namespace: ROOT, labels: selector, assumed: true });
  const podsOf = (port: number) => {
    const known = pods.of(port);
    return known.length > 0 ? known : installedPorts(port);
  };
  const suffix = workloads === 1 ? '' : `-${Object.values(selector).join('-')}`;
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `ingress-source-ranges${suffix}`, namespace: ROOT },
      spec: {
        selector: { matchLabels: { ...selector } },
        action: 'DENY',
        rules: withPodPorts(denied, listeners, podsOf),
      },
    },
  ];
}

/** One policy per provider. */
export const customPolicies = ({
  asked,
  selector,
}: Guards): { readonly policy: AuthPolicy; readonly object: Fields }[] =>
  joined(asked).map((policy) => ({
    policy,
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: policy.provider, namespace: ROOT },
      spec: {
        selector: { matchLabels: { ...selector } },
        action: 'CUSTOM',
        provider: { name: policy.provider },
        rules: policy.rules,
      },
    },
  }));
