// The Gateway and the grants that it and its routes need, fields in the order in which kubectl prints them.

import type { DestinationTls } from '../../../model/index.js';
import { compareText } from '../fields.js';
import { GROUP } from '../kinds.js';
import { type authoritiesOf, type Frontends, frontendFields } from './frontend.js';
import type { Place } from './gateway-place.js';
import type { ListenerDraft } from './listeners.js';

export type KubeObject = Readonly<Record<string, unknown>>;

/** Most listeners that one Gateway may have (CRD). */
export const MOST_LISTENERS = 64;

type SecretName = NonNullable<DestinationTls['own']>;

/** `shown`: the certificate for backends that ask for one. */
export const gatewayObject = (
  place: Place,
  className: string,
  listeners: readonly ListenerDraft[],
  frontends: Frontends,
  shown: SecretName | undefined,
): KubeObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Gateway',
  metadata: { name: place.name, namespace: place.namespace },
  spec: {
    gatewayClassName: className,
    listeners: listeners.map(({ name, port, protocol, hostname, tls }) => ({
      name,
      ...(hostname !== '*' && { hostname }),
      port,
      protocol,
      ...(tls && {
        tls: {
          mode: tls.mode,
          ...(tls.certificates.length > 0 && {
            certificateRefs: tls.certificates.map((c) => ({
              name: c.name,
              ...(c.namespace !== place.namespace && { namespace: c.namespace }),
            })),
          }),
          ...(tls.options && { options: tls.options }),
        },
      }),
    })),
    ...tlsOfAll(frontends, shown, listeners, place),
  },
});

function tlsOfAll(
  frontends: Frontends,
  shown: SecretName | undefined,
  listeners: readonly ListenerDraft[],
  { namespace }: Place,
) {
  const ports = new Set(listeners.filter(({ tls }) => tls?.mode === 'Terminate').map(({ port }) => port));
  const fields = frontendFields(frontends, ports, namespace);
  if (fields === undefined && shown === undefined) return {};
  const clientCertificateRef = shown && {
    name: shown.name,
    ...(shown.namespace !== namespace && { namespace: shown.namespace }),
  };
  return {
    tls: { ...(clientCertificateRef && { backend: { clientCertificateRef } }), ...(fields && { frontend: fields }) },
  };
}

/** What objects of one namespace may use in others: namespace → kind → names. */
export type Grants = Map<string, Map<string, Set<string>>>;

export function addGrant(
  grants: Grants,
  kind: 'Service' | 'Secret' | 'ConfigMap',
  namespace: string,
  name: string,
): void {
  const kinds = grants.get(namespace) ?? new Map<string, Set<string>>();
  grants.set(namespace, kinds);
  const names = kinds.get(kind) ?? new Set<string>();
  kinds.set(kind, names);
  names.add(name);
}

/** What the Gateway itself uses: Secrets and ConfigMaps of other namespaces. */
export function certificateGrants(
  listeners: readonly ListenerDraft[],
  authorities: ReturnType<typeof authoritiesOf>,
  place: Place,
): Grants {
  const grants: Grants = new Map();
  for (const { tls } of listeners)
    for (const { namespace, name } of tls?.certificates ?? [])
      if (namespace !== place.namespace) addGrant(grants, 'Secret', namespace, name);
  for (const { kind, namespace, name } of authorities)
    if (namespace !== place.namespace) addGrant(grants, kind, namespace, name);
  return grants;
}

/** One ReferenceGrant per namespace and kind. More names than the CRD takes become one entry for the kind. */
export function grantObjects(grants: Grants, from: Place, routeKinds: readonly string[]): readonly KubeObject[] {
  return [...grants]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([namespace, kinds]) =>
      [...kinds]
        .sort(([a], [b]) => compareText(a, b))
        .map(([kind, names]) => ({
          apiVersion: `${GROUP}/v1`,
          kind: 'ReferenceGrant',
          metadata: { name: `${from.name}-${kind.toLowerCase()}s-from-${from.namespace}`, namespace },
          spec: {
            from: (kind === 'Service' ? routeKinds : ['Gateway']).map((k) => ({
              group: GROUP,
              kind: k,
              namespace: from.namespace,
            })),
            to:
              names.size > 16
                ? [{ group: '', kind }]
                : [...names].sort(compareText).map((name) => ({ group: '', kind, name })),
          },
        })),
    );
}
