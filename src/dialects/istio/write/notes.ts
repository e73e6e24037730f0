// Losses that belong to a gateway as a whole: what its engine does by itself and Envoy does not, what was never understood, the workload
// that takes its place, and where its certificates have to be.

import { isOfPolicy } from '../../../implementations/istio/write/moved-policies.js';
import { noteUnsaid } from '../../../implementations/istio/write/written-policies.js';
import { chainPlaces, type EffectiveGateway, type Origin, routesOf, type TlsContext } from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import { noteEngine } from '../../engine-losses.js';
import { secretMoves } from '../../foreign-annotations.js';
import { addUnsupported } from '../../item-list.js';
import type { Report } from './report.js';
import { gatewayId, type Workloads } from './workloads.js';

export function notes(gateway: EffectiveGateway, report: Report): void {
  // Policies move with their gateway, or stay with it (moved-policies.ts).
  for (const u of gateway.unsupported) if (!isOfPolicy(u)) addUnsupported(u, report);
  noteUnsaid(gateway, report);
  noteRateLimits(gateway, report);
  noteEngine(gateway, { engine: 'envoy', namesByConnection: true }, report);
}

/** Buckets of the gateway, which an EnvoyFilter of Istio's own gateways says and stays with. */
function noteRateLimits(gateway: EffectiveGateway, report: Report): void {
  if (gateway.dialect === 'istio') return;
  for (const { chain } of chainPlaces(gateway))
    for (const { origin } of (chain.kind === 'http' && chain.policies?.rateLimits) || [])
      report.add('policies.rate-limit', 'the rate limit belongs to the old workload', origin);
}

/** A workload that is not there yet has to be deployed; one that takes the place of several serves the hosts of all. */
export function noteWorkload(
  gateway: EffectiveGateway,
  { of, shared, apart }: Workloads,
  { targetGateway }: WriteOptions,
  report: Report,
): void {
  const origin = routesOf(gateway)[0]?.origin ?? gateway.listeners.find((l) => l.origin)?.origin;
  if (!origin) return;
  if (apart.has(gateway))
    report.add(
      'gateway.workload',
      `${gateway.id} cannot share a workload with the other gateways (the same hosts, other ports, or bytes): deploy a gateway workload labelled ${gatewayId(of(gateway))} for it`,
      origin,
    );
  if (shared.has(gateway))
    report.add(
      'gateway.shared',
      `${gateway.id} and other gateways become ${gatewayId(of(gateway))}${targetGateway ? '' : ' (--target-gateway names another)'}: the hosts of all are served there`,
      origin,
    );
}

/** Istio looks for a server's Secret in the namespace of the gateway's pods. */
export function noteSecrets(
  gateways: readonly EffectiveGateway[],
  options: WriteOptions,
  namespace: string,
  report: Report,
): void {
  for (const g of gateways)
    for (const { listener: l, chain: c } of chainPlaces(g)) {
      const origin = c.tls?.origin ?? c.origin ?? l.origin ?? routesOf(g)[0]?.origin;
      if (!origin) continue;
      const credentials = [
        ...(c.tls?.credentials ?? []).map((credential) => ({ credential, origin })),
        ...(c.tls?.certificates ?? []),
      ];
      noteAuthority(c.tls, origin, namespace, report);
      for (const { credential: s, origin: own } of credentials)
        if (s.namespace !== namespace)
          report.add('tls.secret-namespace', secretMoves((own ?? origin).resource, s, namespace), own ?? origin);
      if (c.tls && credentials.length === 0 && !options.defaultTlsSecret && c.tls.mode !== 'istio-mutual')
        report.add(
          'tls.certificate-files',
          'the certificate is in files on the gateway: put it into a Secret, and name it with --default-tls-secret NAMESPACE/NAME',
          origin,
        );
    }
}

/** Istio reads a ConfigMap wherever it is. */
function noteAuthority(tls: TlsContext | undefined, origin: Origin, namespace: string, report: Report): void {
  const { authority, origin: own = origin } = tls?.clients ?? {};
  if (authority?.kind === 'Secret' && authority.name !== '' && authority.namespace !== namespace)
    report.add(
      'tls.authority',
      `create Secret ${namespace}/${authority.name}-cacert with ca.crt of Secret ${authority.namespace}/${authority.name}: Istio reads authorities beside the gateway's pods`,
      own,
    );
}
