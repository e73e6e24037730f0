// `spec.tls.frontend` of a Gateway: who signs the certificates of clients, one for all listeners of a port that end TLS.

import type { EffectiveGateway, TlsContext } from '../../../model/index.js';
import { chainPlaces } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';

type Clients = NonNullable<TlsContext['clients']>;

/** By port. Ports whose listeners do not all check clients alike are left out. */
export type Frontends = ReadonlyMap<number, Clients>;

export const isIstio = ({ implementation = 'istio' }: WriteOptions): boolean => implementation === 'istio';

/** The standard asks everybody for a good certificate, or for any and checks none; Istio's option of a listener asks who has one. */
export const asksByStandard = ({ mode, clients }: TlsContext): boolean =>
  clients !== undefined && mode === (clients.unchecked ? 'optional-mutual' : 'mutual');

const isWritable = (tls: TlsContext, options: WriteOptions): boolean =>
  asksByStandard(tls) || (isIstio(options) && tls.clients !== undefined && !tls.clients.unchecked);

export function frontendsOf(gateway: EffectiveGateway, options: WriteOptions): Frontends {
  const byPort = new Map<number, TlsContext[]>();
  for (const { listener, chain } of chainPlaces(gateway))
    if (chain.tls) byPort.set(listener.port, [...(byPort.get(listener.port) ?? []), chain.tls]);
  const frontends = new Map<number, Clients>();
  for (const [port, contexts] of byPort) {
    const [first, ...others] = contexts;
    if (!first?.clients || !isWritable(first, options)) continue;
    if (others.every((tls) => isWritable(tls, options) && isSame(tls.clients, first.clients)))
      frontends.set(port, first.clients);
  }
  return frontends;
}

const isSame = (a: Clients | undefined, b: Clients | undefined): boolean =>
  a?.unchecked === b?.unchecked &&
  a?.authority.kind === b?.authority.kind &&
  a?.authority.namespace === b?.authority.namespace &&
  a?.authority.name === b?.authority.name;

/**
 * What ReferenceGrants have to let the Gateway use. Istio looks for a grant to the name by which its proxies ask for the CA, NAME-cacert
 * (SecretAllowed in pilot/pkg/config/kube/gatewaycommon/references.go, 2026-08-27), or to all names.
 */
export const authoritiesOf = (frontends: Frontends, options: WriteOptions): Clients['authority'][] =>
  [...frontends.values()].flatMap(({ authority }) =>
    isIstio(options) ? [authority, { ...authority, name: `${authority.name}-cacert` }] : [authority],
  );

/** The authority of this chain's clients is in `frontends`. */
export const isInFrontends = (gateway: EffectiveGateway, tls: TlsContext, options: WriteOptions): boolean => {
  const frontends = frontendsOf(gateway, options);
  return [...chainPlaces(gateway)].some(({ listener, chain }) => chain.tls === tls && frontends.has(listener.port));
};

/** `ports`: of all listeners that end TLS. One entry for all of them where they check alike. */
export function frontendFields(frontends: Frontends, ports: ReadonlySet<number>, namespace: string) {
  const entries = [...frontends].filter(([port]) => ports.has(port)).sort(([a], [b]) => a - b);
  const [first] = entries;
  if (first === undefined) return undefined;
  const fields = (clients: Clients) => validation(clients, namespace);
  if (entries.length === ports.size && entries.every(([, clients]) => isSame(clients, first[1])))
    return { default: fields(first[1]) };
  return { default: {}, perPort: entries.map(([port, clients]) => ({ port, tls: fields(clients) })) };
}

const validation = ({ authority: { kind, name, namespace: own }, unchecked }: Clients, namespace: string) => ({
  validation: {
    caCertificateRefs: [{ group: '', kind, name, ...(own !== namespace && { namespace: own }) }],
    ...(unchecked && { mode: 'AllowInsecureFallback' }),
  },
});
