// Hosts that a controller serves with a certificate of its own: nobody means that one, so the target gets no HTTPS for them unless
// --default-tls-secret names another.

import {
  chainPlaces,
  type DomainPattern,
  type EffectiveGateway,
  hostPlaces,
  hostText,
  type Route,
  routesOf,
  showsOwnCertificate,
  withoutOwnCertificate,
} from '../model/index.js';
import type { WriteOptions } from './dialect.js';
import type { Report } from './item-list.js';

/** What is left to write of the gateway. */
export function withCertificates(
  gateway: EffectiveGateway,
  options: Pick<WriteOptions, 'defaultTlsSecret'>,
  report: Report,
): EffectiveGateway {
  const own = [...chainPlaces(gateway)].map(({ chain }) => chain).filter(showsOwnCertificate);
  const [first] = own;
  if (options.defaultTlsSecret || !first) return gateway;
  const resource = (first.tls?.origin ?? first.origin ?? routesOf(gateway)[0]?.origin)?.resource;
  if (resource)
    report.add(
      'tls.default-certificate',
      'HTTPS is written only for hosts with a Secret: for all others the source answers with the default certificate of its controller, which no client trusts; --default-tls-secret NAMESPACE/NAME names one for them',
      { resource, path: [] },
    );
  const rest = withoutOwnCertificate(gateway);
  noteRedirects(rest, report);
  return rest;
}

/** Who is sent to https finds nobody there. */
function noteRedirects(gateway: EffectiveGateway, report: Report): void {
  const served = new Set<string>();
  for (const { chain } of chainPlaces(gateway))
    if (chain.tls || (chain.kind === 'l4' && chain.l4 === 'tls'))
      for (const name of chain.match.sni ?? [ANY]) served.add(hostText(name));
  if (served.has('*')) return;
  for (const { chain, virtualHost } of hostPlaces(gateway)) {
    const redirect = virtualHost.routes.find(isToHttps);
    if (chain.tls || !redirect) continue;
    for (const name of virtualHost.domains.map(hostText))
      if (!served.has(name) && !served.has(name.replace(/^[^.]+/, '*')))
        report.add(
          'tls.redirect',
          `${name} redirects to https, and no Secret holds a certificate for it: --default-tls-secret NAMESPACE/NAME names one, or terminate TLS in front of the gateway`,
          redirect.origin,
        );
  }
}

const ANY: DomainPattern = { kind: 'any' };

const isToHttps = ({ action }: Route): boolean =>
  action.kind === 'redirect' && action.scheme === 'https' && action.host === undefined;
