// The model as networking.k8s.io/v1 Ingress, by the Kubernetes specification: hosts, paths, backends, certificates. It has no field for
// anything else, so every other condition or change of a route refuses the route, and a string prefix becomes the narrower segment prefix.

import { type EffectiveGateway, type HttpChain, ingressHostText, type Listener } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { withCertificates } from '../default-certificate.js';
import type { WriteOptions, WriteResult } from '../dialect.js';
import { addUnsupported, itemList } from '../item-list.js';
import { withoutQuestions } from '../without-questions.js';
import { addHost, type Output } from './write/host-rules.js';
import { ingresses } from './write/ingresses.js';
import { noteChain, noteFallbacks, noteGateway, placeOf } from './write/losses.js';
import { isTakenByOther } from './write/server-names.js';

/** One Ingress per namespace of backends; rules sorted as the model has its hosts. */
export function write(gateways: readonly EffectiveGateway[], _catalog: Catalog, options: WriteOptions): WriteResult {
  const output: Output = { ingresses: ingresses(), covered: [], report: itemList(), remarks: new Map() };
  const { items, rules, add } = output.report;
  for (const source of gateways) {
    const gateway = withCertificates(withoutQuestions(source, output.report), options, output.report);
    for (const u of gateway.unsupported) addUnsupported(u, output.report);
    const place = placeOf(gateway);
    if (place) noteGateway(gateway, place, gateways.length, add);
    for (const listener of gateway.listeners) {
      for (const chain of listener.filterChains) {
        if (chain.kind === 'l4') {
          add('l4', 'an Ingress forwards HTTP only; TCP and TLS passthrough are not supported', chain.origin);
          continue;
        }
        noteChain(chain, listener, place, add);
        addHosts(chain, listener, output, options);
      }
    }
  }
  noteCovered(output);
  noteFallbacks(gateways, output.ingresses.hosts(), add);
  return {
    objects: output.ingresses.objects(),
    items,
    rules,
    remarks: output.remarks,
    // Whoever reads them: what an Ingress means by itself is one gateway.
    renamed: new Map(gateways.map((g) => [g.id, 'ingress'])),
  };
}

function addHosts(chain: HttpChain, listener: Listener, output: Output, options: WriteOptions): void {
  const { add, needless } = output.report;
  for (const host of chain.virtualHosts)
    for (const domain of host.domains) {
      if (!isTakenByOther(domain, chain, listener)) {
        addHost(domain, host, chain, output, options);
        continue;
      }
      for (const route of host.routes) needless(route);
      if (host.routes[0])
        add(
          'tls.other-hosts',
          `${ingressHostText(domain)} is answered by these rules only on TLS connections for another server name: not in the Ingress`,
          host.routes[0].origin,
        );
    }
}

/** What another port has is in the Ingress all the same. */
function noteCovered({ covered, ingresses, report }: Output): void {
  for (const { host, path, route } of covered)
    if (!ingresses.hasPath(host, path))
      report.add(
        'route.order',
        'an earlier rule matches these requests; an Ingress prefers the longest path, so the rule is left out',
        route.origin,
        { route, hosts: [host] },
      );
}
