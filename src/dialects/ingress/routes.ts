// The routes of one host, in the order of the specification: an Exact path before a Prefix (it is the longer match),
// then the longer path first; prefixes are taken element by element, and a slash at the end does not count
// (https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types, #multiple-matches).

import type { Destination, Route, StringMatcher, Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { NAME_OF_CLOSED } from '../../resources/closed-rules.js';
import type { IngressBackend, IngressPath, IngressRule, IngressView } from '../../resources/ingress.js';
import { findPort, findService, knowsService, serviceHost, unseenPort } from '../../resources/services.js';
import type { ReadNote } from '../dialect.js';

interface PathOf {
  readonly view: IngressView;
  readonly entry: IngressPath;
}

export function hostRoutes(
  rules: readonly { readonly view: IngressView; readonly rule: IngressRule }[],
  catalog: Catalog,
  notes: ReadNote[],
  unsupported: Unsupported[],
): readonly Route[] {
  const paths = rules.flatMap(({ view, rule }) => rule.paths.map((entry): PathOf => ({ view, entry })));
  for (const { entry } of paths) {
    if (entry.pathType === 'ImplementationSpecific' && entry.path) {
      const message =
        'the meaning of ImplementationSpecific depends on the controller of the class; it is read as Prefix';
      notes.push({ code: 'implementation-specific', message, origin: entry.pathOrigin });
    }
  }
  return [...paths].sort(byPrecedence).flatMap(({ view, entry }): Route[] =>
    entry.backend
      ? [
          {
            match: { path: matcherOf(entry), headers: [], query: [] },
            action: actionTo(entry.backend, view, catalog, unsupported),
            origin: entry.origin,
            matchOrigin: entry.pathOrigin,
          },
        ]
      : [],
  );
}

/** The default backend of an Ingress, for everything. */
export function defaultRoute(view: IngressView, catalog: Catalog, unsupported: Unsupported[]): readonly Route[] {
  const backend = view.defaultBackend!;
  return [
    {
      match: { headers: [], query: [] },
      action: actionTo(backend, view, catalog, unsupported),
      origin: backend.origin,
    },
  ];
}

const trimmed = (path: string | undefined): string => (path ?? '').replace(/\/$/, '');

function byPrecedence(a: PathOf, b: PathOf): number {
  const exact = Number(b.entry.pathType === 'Exact') - Number(a.entry.pathType === 'Exact');
  return exact || trimmed(b.entry.path).length - trimmed(a.entry.path).length;
}

function matcherOf({ path, pathType }: IngressPath): StringMatcher {
  if (pathType === 'Exact') return { kind: 'exact', value: path || '/' };
  const value = trimmed(path);
  return value === '' ? { kind: 'any' } : { kind: 'segment-prefix', value };
}

function actionTo(
  backend: IngressBackend,
  view: IngressView,
  catalog: Catalog,
  unsupported: Unsupported[],
): Route['action'] {
  const to = destinationOf(backend, view, catalog);
  if (to) return { kind: 'forward', destinations: [{ to, weight: 100 }] };
  const { resource } = backend;
  const reason = resource
    ? `the backend is a ${resource.kind}, not a Service`
    : 'the backend names no Service and port';
  if (resource)
    unsupported.push({
      feature: 'ingress.backend.resource',
      detail: reason,
      effect: 'routing',
      origin: backend.origin,
    });
  return { kind: 'none', reason };
}

function destinationOf(backend: IngressBackend, view: IngressView, catalog: Catalog): Destination | undefined {
  const { service, origin } = backend;
  if (!service?.port) return undefined;
  const { namespace } = view.resource;
  const host = serviceHost(namespace, service.name);
  const known = findService(catalog, namespace, service.name);
  const found = known && findPort(known, service.port);
  if (found) return { host, port: found.port, origin };
  const port = 'number' in service.port ? service.port.number : 0;
  if (known) return { host, port, missing: 'port', origin };
  if (service.name === NAME_OF_CLOSED || knowsService(catalog, namespace, service.name))
    return { host, port, missing: 'service', origin };
  return { host, ...unseenPort(catalog, namespace, service.name, service.port), origin };
}
