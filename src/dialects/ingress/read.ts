// Ingresses without a class, or with one that meshgw does not know, read as the Kubernetes specification says: the API
// reference of networking.k8s.io/v1 Ingress and https://kubernetes.io/docs/concepts/services-networking/ingress/.

import {
  type DomainPattern,
  type EffectiveGateway,
  type FilterChain,
  type Listener,
  originOf,
  type Unsupported,
  type VirtualHost,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareAge, createdAt } from '../../resources/creation.js';
import { type IngressRule, type IngressView, ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { ingressOwner } from '../ingress-owner.js';
import { defaultRoute, hostRoutes } from './routes.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const classes = new Map<string, IngressView[]>();
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    const owner = ingressOwner(view, catalog, options);
    if (owner.dialect !== 'ingress') continue;
    const id = gatewayId(view, owner.className);
    const known = classes.get(id);
    if (known) known.push(view);
    else classes.set(id, [view]);
  }
  const notes: ReadNote[] = [];
  const gateways = [...classes].map(([id, views]) => gatewayOf(id, views.sort(oldestFirst), catalog, notes));
  return { gateways, notes };
}

/** Controllers that make a load balancer of its own for each Ingress, by their classes. */
const ONE_EACH = /^(alb|gce|gce-internal)$/;
/** Ingresses of one value share one (AWS Load Balancer Controller). */
const GROUP = 'alb.ingress.kubernetes.io/group.name';

function gatewayId({ resource }: IngressView, className: string | undefined): string {
  if (className === undefined) return 'ingress';
  if (!ONE_EACH.test(className)) return `ingress:${className}`;
  return `ingress:${className}:${resource.annotations[GROUP] ?? `${resource.namespace}/${resource.name}`}`;
}

/** Two rules for one host and path: the specification does not say; the older Ingress comes first. */
const oldestFirst = (a: IngressView, b: IngressView): number => compareAge(age(a), age(b));
const age = ({ resource }: IngressView) => ({
  createdAt: createdAt(resource),
  name: resource.name,
  namespace: resource.namespace,
});

function gatewayOf(id: string, views: readonly IngressView[], catalog: Catalog, notes: ReadNote[]): EffectiveGateway {
  const unsupported: Unsupported[] = [];
  const virtualHosts = hostsOf(views, catalog, notes, unsupported);
  const listeners: Listener[] = [
    { port: 80, filterChains: [{ kind: 'http', match: { transport: 'raw' }, virtualHosts }] },
  ];
  const secure = views.flatMap((view) => tlsChains(view, virtualHosts));
  if (secure.length > 0) listeners.push({ port: 443, filterChains: secure });
  return { id, dialect: 'ingress', engine: 'plain', listeners, unsupported };
}

/** One virtual host per host over all Ingresses; a request that no rule of its host takes goes to the default backend. */
function hostsOf(
  views: readonly IngressView[],
  catalog: Catalog,
  notes: ReadNote[],
  unsupported: Unsupported[],
): readonly VirtualHost[] {
  const byName = new Map<string, { readonly view: IngressView; readonly rule: IngressRule }[]>();
  for (const view of views)
    for (const rule of view.rules) {
      const name = rule.host?.toLowerCase() ?? '';
      const same = byName.get(name);
      if (same) same.push({ view, rule });
      else byName.set(name, [{ view, rule }]);
    }
  if (!byName.has('')) byName.set('', []);
  // An Ingress without rules is a default for all of them.
  const ofAll = views.find((view) => view.rules.length === 0 && view.defaultBackend);
  return [...byName].map(([name, rules]) => {
    const fallback =
      rules.find(({ view }) => view.defaultBackend)?.view ??
      ofAll ??
      (name === '' ? views.find((v) => v.defaultBackend) : undefined);
    const routes = [
      ...hostRoutes(rules, catalog, notes, unsupported),
      ...(fallback ? defaultRoute(fallback, catalog, unsupported) : []),
    ];
    const first = rules[0]?.rule;
    return { name: name || '*', domains: [domainOf(name)], routes, ...(first ? { origin: first.hostOrigin } : {}) };
  });
}

/** A wildcard stands for exactly one label (IngressRule.host in the API reference). */
export function domainOf(host: string): DomainPattern {
  if (host === '' || host === '*') return { kind: 'any' };
  return host.startsWith('*.') ? { kind: 'one-label', value: host.slice(1) } : { kind: 'exact', value: host };
}

/** The server name chooses the certificate, the Host header the rule (IngressTLS.secretName in the API reference). */
function tlsChains(view: IngressView, virtualHosts: readonly VirtualHost[]): readonly FilterChain[] {
  return view.tls.map(({ hosts, secretName, origin }): FilterChain => {
    const sni = hosts.map((host) => domainOf(host.toLowerCase())).filter((domain) => domain.kind !== 'any');
    const { namespace } = view.resource;
    return {
      kind: 'http',
      match: { transport: 'tls', ...(sni.length > 0 ? { sni } : {}) },
      tls: secretName
        ? { mode: 'simple', credentials: [{ namespace, name: secretName }], origin }
        : { mode: 'simple', credentials: [], ownCertificate: true, origin },
      virtualHosts,
      origin: originOf(view.resource, ...origin.path),
    };
  });
}
