// Annotations of an Ingress that others than its controller read: cert-manager, external-dns and whoever else watches Ingresses. They
// stay behind with the object, and what they caused may go with it.

import { type EffectiveGateway, type Resource, routesOf } from '../model/index.js';
import { isOfController, isOfTool } from '../resources/annotation-owner.js';
import type { Report } from './item-list.js';
import { rankedProfiles } from './registry.js';

/** Read by every controller, or by those that meshgw knows. */
const KNOWN = ['kubernetes.io/ingress.class', ...rankedProfiles.flatMap((p) => p.annotations ?? [])];

/** One item per annotation that nobody reads in the target. */
export function noteForeignAnnotations(gateways: readonly EffectiveGateway[], secrets: string, report: Report): void {
  for (const resource of ingressesOf(gateways))
    for (const name of Object.keys(resource.annotations)) {
      if (isOfTool(name) || isOfController(name) || KNOWN.some((start) => name.startsWith(start))) continue;
      const origin = { resource, path: ['metadata', 'annotations', name] };
      report.add('annotation.foreign', messageFor(name, secrets), origin);
    }
}

const BY_CERT_MANAGER = /^(cert-manager\.io|acme\.cert-manager\.io|certmanager\.k8s\.io|kubernetes\.io\/tls-acme)/;

/** What to do with a Secret that the gateway reads in another namespace. */
export function secretMoves(
  { annotations }: Resource,
  secret: { readonly namespace: string; readonly name: string },
  namespace: string,
): string {
  const name = `${secret.namespace}/${secret.name}`;
  return Object.keys(annotations).some((key) => BY_CERT_MANAGER.test(key))
    ? `Secret ${name} has to be in ${namespace}: Istio reads certificates beside the gateway's pods. Let cert-manager write it there: a copy would not be renewed`
    : `copy Secret ${name} to ${namespace}: Istio reads certificates beside the gateway's pods`;
}

function messageFor(name: string, secrets: string): string {
  if (BY_CERT_MANAGER.test(name))
    return `cert-manager created a Certificate for it, and deletes it with the Ingress: ${secrets}`;
  if (name.startsWith('external-dns.alpha.kubernetes.io'))
    return 'external-dns takes its names from Ingresses: let it watch the new objects too (--source=istio-gateway, istio-virtualservice or gateway-httproute) before the Ingress is deleted';
  return 'it is not read by a gateway: its reader takes it from the Ingress and has to be pointed to the new objects';
}

function ingressesOf(gateways: readonly EffectiveGateway[]): Resource[] {
  const found = new Set<Resource>();
  for (const { origin, matchOrigin } of gateways.flatMap(routesOf))
    for (const o of [origin, matchOrigin]) if (o?.resource.kind === 'Ingress') found.add(o.resource);
  return [...found].sort((a, b) => a.order - b.order);
}
