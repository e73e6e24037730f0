// Connections that are forwarded as bytes: a TLSRoute behind a listener that lets TLS pass, a TCPRoute behind others.

import type { L4Chain } from '../../../model/index.js';
import { GROUP } from '../kinds.js';
import { type BackendWriter, backendRefs } from './backend-refs.js';
import type { KubeObject } from './gateway-object.js';
import type { Place } from './gateway-place.js';
import type { ListenerDraft } from './listeners.js';
import { nameOfHost, unused } from './names.js';

export function l4Routes(
  drafts: readonly ListenerDraft[],
  gateway: Place,
  writer: BackendWriter,
  names: Set<string>,
): readonly KubeObject[] {
  const chains = new Map<L4Chain, ListenerDraft[]>();
  for (const draft of drafts) {
    if (draft.chain.kind === 'l4') chains.set(draft.chain, [...(chains.get(draft.chain) ?? []), draft]);
  }
  return [...chains].flatMap(([chain, listeners]): KubeObject[] => {
    const [first] = listeners;
    if (first === undefined || chain.destinations.length === 0) return [];
    const passthrough = first.tls?.mode === 'Passthrough';
    const kind = passthrough ? 'TLSRoute' : 'TCPRoute';
    const hostnames = listeners.map((l) => l.hostname).filter((h) => h !== '*');
    const base = `${first.hostname === '*' ? '' : `${nameOfHost(first.hostname)}-`}${passthrough ? 'tls' : 'tcp'}-${first.port}`;
    return [
      {
        apiVersion: `${GROUP}/v1`,
        kind,
        metadata: { name: unused(base, names), namespace: gateway.namespace },
        spec: {
          parentRefs: listeners.map((l) => ({ name: gateway.name, sectionName: l.name })),
          ...(passthrough && hostnames.length > 0 && { hostnames }),
          rules: [{ backendRefs: backendRefs(chain.destinations, chain.origin, writer) }],
        },
      },
    ];
  });
}
