// What everybody may ask about Kuma's builtin gateway.

import type { JsonObject } from '../../model/index.js';
import type { DialectProfile, RecognisedDocument } from '../profile.js';

export const GROUP = 'kuma.io';
/** Kinds that say where a request goes. */
const TRANSLATED: ReadonlySet<string> = new Set(['MeshGateway', 'MeshGatewayRoute', 'MeshHTTPRoute', 'MeshTCPRoute']);

export const profile: DialectProfile = {
  name: 'kuma',
  title: 'Kuma',
  rank: 7,
  kinds: [{ group: GROUP, clusterScoped: ['Mesh', 'MeshGateway', 'MeshGatewayRoute', 'MeshGatewayConfig'] }],
  document,
  gatewaysFrom: 'a MeshGateway of Kuma',
  ways: { kuma: 'Kuma' },
  source: {
    wanted: 'MeshGateway of Kuma',
    part: ({ group, kind }) =>
      group !== GROUP
        ? undefined
        : TRANSLATED.has(kind)
          ? 'translated'
          : kind === 'MeshGatewayInstance'
            ? 'consulted'
            : undefined,
  },
};

/** A resource of Kuma outside of Kubernetes: `type`, `mesh` and `name` at the top. */
function document({ type, name, mesh, apiVersion, kind }: JsonObject): RecognisedDocument | undefined {
  if (apiVersion !== undefined || kind !== undefined) return undefined;
  if (typeof type !== 'string' || typeof name !== 'string' || typeof mesh !== 'string') return undefined;
  return /^[A-Z][A-Za-z]*$/.test(type) ? { apiVersion: `${GROUP}/v1alpha1`, kind: type, name } : undefined;
}
