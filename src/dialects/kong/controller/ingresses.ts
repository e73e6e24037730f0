// Ingresses as routes of Kong: one for each Ingress, host and Service (internal/dataplane/translator/translate_ingress.go and
// subtranslator/ingress.go, ingress_atc.go of Kong/kubernetes-ingress-controller 3.5).

import { type Origin, originOf, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { IngressBackend, IngressPath, IngressView } from '../../../resources/ingress.js';
import type { ReadNote } from '../../dialect.js';
import type { KongPath, KongRoute } from '../entities.js';
import { entityId } from '../uuid.js';
import { annotation, headersOf, hostAliases, methodsOf, protocolsOf, snisOf } from './annotations.js';
import { ingressPriority } from './priority.js';
import { kongService, portWord } from './services.js';
import { type RouteSettings, settingsOf } from './settings.js';

export interface IngressContext {
  readonly catalog: Catalog;
  readonly expressions: boolean;
  readonly rewriteUris: boolean;
  readonly notes: ReadNote[];
}

/** Paths of one Ingress, host and Service. */
interface Group {
  readonly view: IngressView;
  readonly host: string;
  readonly backend: IngressBackend & { readonly service: NonNullable<IngressBackend['service']> };
  readonly paths: IngressPath[];
  readonly origin: Origin;
}

/** In no order that matters; routes of one Service share it. */
export function ingressRoutes(views: readonly IngressView[], context: IngressContext): readonly KongRoute[] {
  const groups = groupsOf(views, context);
  const routes = [...groups.values()].map((group) => routeOf(group, context));
  const dropped = droppedServices(routes, context);
  const kept = routes.filter((route) => !route.service || !dropped.has(route.service.name));
  // The default backend is added when the others are there: the annotation means nothing to it.
  const fallback = defaultBackend(views, context);
  return fallback ? [...kept, fallback] : kept;
}

function groupsOf(views: readonly IngressView[], { notes }: IngressContext): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const view of [...views].sort(oldestFirst)) {
    for (const rule of view.rules) {
      for (const entry of rule.paths) {
        const { backend } = entry;
        if (!backend?.service) {
          notes.push({
            code: 'kong-backend',
            message: 'the backend is no Service: the controller leaves the path out',
            origin: entry.origin,
          });
          continue;
        }
        const { service } = backend;
        const { namespace, name } = view.resource;
        const key = [namespace, name, service.name, rule.host ?? '', portWord(service.port)].join('.');
        const known = groups.get(key);
        if (known) known.paths.push(entry);
        else
          groups.set(key, {
            view,
            host: rule.host ?? '',
            backend: { ...backend, service },
            paths: [entry],
            origin: entry.origin,
          });
      }
    }
  }
  return groups;
}

/** Without creationTimestamp first (Go's zero time), as the files have them. */
const oldestFirst = (a: IngressView, b: IngressView): number =>
  (a.resource.createdAt ?? 0) - (b.resource.createdAt ?? 0);

function routeOf(group: Group, context: IngressContext): KongRoute {
  const { view, host, backend, paths, origin } = group;
  const { resource } = view;
  const { namespace, name } = resource;
  const word = portWord(backend.service.port);
  const routeName = [namespace, name, backend.service.name, host.replaceAll('*', '_'), word].join('.');
  const { expressions } = context;
  return {
    ...ingressSettings(resource, expressions),
    name: routeName,
    id: entityId('routes', routeName),
    service: serviceOf(resource, backend, context),
    hosts: [...new Set([...(host === '' ? [] : [host]), ...hostAliases(resource, expressions)])],
    paths: paths.flatMap((entry) => (expressions ? expressionPaths(entry, resource) : plainPaths(entry, resource))),
    methods: methodsOf(resource, expressions),
    headers: headersOf(resource).filter(([header]) => !expressions || header.toLowerCase() !== 'host'),
    snis: snisOf(resource, expressions),
    ...(expressions ? { priority: ingressPriority(paths, host, resource) } : {}),
    origin: paths.length === 1 ? origin : originOf(resource, ...origin.path.slice(0, 3)),
  };
}

const ingressSettings = (resource: Resource, expressions: boolean): RouteSettings =>
  settingsOf(resource, protocolsOf(resource, expressions), expressions);

function serviceOf(resource: Resource, backend: Group['backend'], { catalog }: IngressContext) {
  const { namespace } = resource;
  const { name, port } = backend.service;
  const from = { namespace, name, ...(port ? { port } : {}), origin: backend.origin };
  return kongService(catalog, `${namespace}.${name}.${portWord(port)}`, [from], backend);
}

/** Runs of slashes are one, no path is the root. */
const writtenPath = ({ path }: IngressPath): string => (path || '/').replace(/\/{2,}/g, '/');

/** The marker of patterns: annotation `regex-prefix`, else `/~`. */
const regexMarker = (resource: Resource): string => annotation(resource, 'regex-prefix') ?? '/~';

/** PathsFromIngressPaths, then the marker is looked for in each. */
function plainPaths(entry: IngressPath, resource: Resource): readonly KongPath[] {
  const path = writtenPath(entry);
  const marker = regexMarker(resource);
  const literal = entry.pathType === 'ImplementationSpecific' ? {} : { literal: path };
  return written(path, entry.pathType).map((text) => {
    const made = kongPath(text.startsWith(marker) ? `~${text.slice(marker.length)}` : text, entry.pathOrigin);
    return made.kind === 'regex' ? { ...made, ...literal } : made;
  });
}

/** As Kong writes paths: a tilde begins a pattern. */
const kongPath = (text: string, origin: Origin): KongPath =>
  text.startsWith('~') ? { kind: 'regex', value: text.slice(1), origin } : { kind: 'prefix', value: text, origin };

function written(path: string, type: IngressPath['pathType']): readonly string[] {
  if (type === 'ImplementationSpecific') return [path];
  if (type === 'Exact') return [`~/${path.replace(/^\/+/, '')}$`];
  const base = path.replace(/^\/+|\/+$/g, '');
  return base === '' ? ['/'] : [`/${base}/`, `~/${base}$`];
}

/** pathMatcherFromIngressPath. */
function expressionPaths(entry: IngressPath, resource: Resource): readonly KongPath[] {
  const path = writtenPath(entry);
  const origin = entry.pathOrigin;
  if (entry.pathType === 'Exact') return [{ kind: 'equal', value: `/${path.replace(/^\/+/, '')}`, origin }];
  if (entry.pathType === 'Prefix') {
    const base = path.replace(/^\/+|\/+$/g, '');
    if (base === '') return [{ kind: 'prefix', value: '/', origin }];
    return [
      { kind: 'equal', value: `/${base}`, origin },
      { kind: 'prefix', value: `/${base}/`, origin },
    ];
  }
  const marker = own(resource.annotations, 'konghq.com/regex-prefix') || '/~';
  if (!path.startsWith(marker)) return [{ kind: 'prefix', value: path, origin }];
  const pattern = path.slice(marker.length);
  return [{ kind: 'regex', value: pattern === '' ? '/' : pattern.replace(/^\^/, ''), origin }];
}

/** The oldest Ingress with one; everything that nothing else takes. */
function defaultBackend(views: readonly IngressView[], context: IngressContext): KongRoute | undefined {
  const [first] = views.filter((view) => view.defaultBackend).sort(oldestFirst);
  const backend = first?.defaultBackend;
  if (!first || !backend?.service) return undefined;
  const { resource } = first;
  const { expressions } = context;
  const name = `${resource.namespace}.${resource.name}`;
  return {
    ...ingressSettings(resource, expressions),
    name,
    id: entityId('routes', name),
    service: serviceOf(resource, { ...backend, service: backend.service }, context),
    hosts: expressions ? [] : hostAliases(resource, false),
    paths: [{ kind: 'prefix', value: '/', origin: backend.origin }],
    methods: expressions ? [] : methodsOf(resource, false),
    headers: expressions ? [] : headersOf(resource),
    snis: expressions ? [] : snisOf(resource, false),
    ...(expressions ? { priority: 0n } : {}),
    origin: backend.origin,
  };
}

/** Without the feature gate, one Ingress with the annotation takes the whole Service away, from every Ingress (MaybeRewriteURI). */
function droppedServices(routes: readonly KongRoute[], { rewriteUris, notes }: IngressContext): ReadonlySet<string> {
  const dropped = new Set<string>();
  for (const { service, origin } of routes) {
    const written = annotation(origin.resource, 'rewrite');
    if (written === undefined || !service) continue;
    const bad = rewriteUris
      ? rewriteProblem(written)
      : 'it needs the feature gate RewriteURIs (--kong-feature-gates RewriteURIs=true)';
    if (bad === undefined) continue;
    dropped.add(service.name);
    notes.push({
      code: 'kong-rewrite',
      message: `konghq.com/rewrite: ${bad}; the controller leaves out the Service ${service.name} with every route to it, of other Ingresses too`,
      origin: originOf(origin.resource, 'metadata', 'annotations', 'konghq.com/rewrite'),
    });
  }
  return dropped;
}

/** generateRewriteURIConfig: digits stand behind `$`, `$` behind a backslash. */
function rewriteProblem(template: string): string | undefined {
  const bad = /^(?:[^$\\]|\$\d+|\\\$)*/.exec(template)?.[0].length ?? 0;
  return bad === template.length
    ? undefined
    : `${JSON.stringify(template)} is no template: what follows position ${bad}`;
}
