// Where Istio's reading of these objects may answer otherwise than the specification's: the entries of SPEC_DIFFERENCES that
// the files give cause for, each at the field that does. Found from the objects, so a difference that no request
// shows may be named too.

import { isWildcard, subsetOf } from '../../implementations/istio/hosts.js';
import type { Json, Origin, Resource } from '../../model/index.js';
import { originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { at } from '../../resources/fields.js';
import type { SpecificationDifference } from '../dialect.js';
import { clientCertificateOf } from './features/client-certificate.js';
import { isInvalidBackend } from './features/config-error.js';
import { intersection } from './features/hostname.js';
import { writtenMatches } from './features/http-match.js';
import type { GatewayListener } from './features/listener.js';
import { writtenRules } from './features/rule.js';
import { SPEC_DIFFERENCES } from './features/semantics.js';
import type { SurveyedRoute } from './features/surveyed-route.js';
import { listAt, objectAt, stringAt } from './fields.js';
import { istio } from './implementations/istio.js';
import { HTTP_ROUTE } from './kinds.js';
import { type Survey, survey } from './survey.js';

export interface FoundDifference {
  /** Of SPEC_DIFFERENCES. */
  readonly feature: string;
  readonly origin: Origin;
}

/** In the order of the files, each place once per feature. */
export function specDifferences(catalog: Catalog): readonly FoundDifference[] {
  const found = survey(catalog, istio);
  const differences = [
    ...found.routes.flatMap((r) => (r.kind === HTTP_ROUTE && r.accepted.length > 0 ? ofRules(r) : [])),
    ...found.gateways
      .filter((g) => g.controller === 'istio')
      .flatMap((g) => [
        ...ofCertificate(g.resource, catalog),
        ...g.programmed.flatMap((l) => ofListener(l, g.programmed, found)),
      ]),
  ];
  const known = new Set<string>();
  return differences.filter(({ feature, origin }) => {
    const key = JSON.stringify([feature, origin.resource.order, origin.path]);
    return known.has(key) ? false : known.add(key);
  });
}

function ofCertificate(gateway: Resource, catalog: Catalog): FoundDifference[] {
  const shown = clientCertificateOf(gateway, catalog);
  return shown && 'credential' in shown
    ? [{ feature: 'backend-client-certificate', origin: shown.credential.origin }]
    : [];
}

function ofRules(route: SurveyedRoute): FoundDifference[] {
  const rules = writtenRules(route.route, route.kind);
  const fatal = route.errors.find((e) => !isInvalidBackend(e) && route.routes.length === 0);
  if (fatal && rules.length > 1) return [{ feature: 'invalid-rule', origin: fatal.origin }];
  return rules.flatMap((rule, i) => {
    const origin = originOf(route.route, 'spec', 'rules', i);
    return listAt(rule, 'filters').flatMap((filter, j): FoundDifference[] => {
      const place = at(origin, 'filters', j);
      const rewritten = replacement(objectAt(filter, 'urlRewrite'));
      if (rewritten !== undefined && rewritten !== '' && rewritten !== '/' && writtenMatches(rule).some(isRoot)) {
        return [{ feature: 'replace-prefix-root', origin: place }];
      }
      const redirected = replacement(objectAt(filter, 'requestRedirect'));
      const textual = redirected !== undefined && (redirected === '' || redirected.endsWith('/'));
      return textual ? [{ feature: 'redirect-replace-prefix', origin: place }] : [];
    });
  });
}

const replacement = (filter: Json): string | undefined => stringAt(objectAt(filter, 'path'), 'replacePrefixMatch');

const isRoot = (match: Json | null): boolean => {
  const path = objectAt(match ?? undefined, 'path');
  return (stringAt(path, 'type') ?? 'PathPrefix') === 'PathPrefix' && (stringAt(path, 'value') ?? '/') === '/';
};

function ofListener(listener: GatewayListener, all: readonly GatewayListener[], { routes }: Survey): FoundDifference[] {
  const here = routes
    .filter((r) => r.accepted.includes(listener) && r.routes.length > 0)
    .flatMap((r) => r.hostnames.map((hostname) => ({ hostname, origin: originOf(r.route, 'spec', 'hostnames') })));
  const written = writtenBy(
    here.map((h) => h.hostname),
    listener,
  );
  const found: FoundDifference[] = [];
  for (const { hostname, origin } of here) {
    const host = intersection(hostname, listener.hostname);
    if (host === undefined) continue;
    const isElsewhere = (name: string) => [...(written.get(name) ?? [])].some((other) => other !== hostname);
    if (isElsewhere(host)) found.push({ feature: 'precedence-across-hostnames', origin });
    if (wildcardsOver(host).some(isElsewhere)) found.push({ feature: 'hostname-fall-through', origin });
    if (isWildcard(host) && all.some((narrow) => isOpen(narrow, listener, hostname, routes))) {
      found.push({ feature: 'listener-isolation', origin });
    }
  }
  return found;
}

/** Host of the listener → the host names of routes that come down to it there. */
function writtenBy(hostnames: readonly string[], { hostname: own }: GatewayListener): Map<string, Set<string>> {
  const written = new Map<string, Set<string>>();
  for (const hostname of hostnames) {
    const host = intersection(hostname, own);
    if (host === undefined) continue;
    const known = written.get(host);
    if (known) known.add(hostname);
    else written.set(host, new Set([hostname]));
  }
  return written;
}

/** The wildcards that cover a host, without the host itself. */
function wildcardsOver(host: string): string[] {
  const labels = host.split('.');
  return [...labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`), '*'].filter((w) => w !== host);
}

/** A listener for a part of the host name, with no route for all of its own name. */
const isOpen = (
  narrow: GatewayListener,
  wide: GatewayListener,
  hostname: string,
  routes: readonly SurveyedRoute[],
): boolean =>
  narrow !== wide &&
  narrow.port === wide.port &&
  narrow.protocol === wide.protocol &&
  narrow.protocol === 'HTTP' &&
  narrow.hostname !== hostname &&
  subsetOf(narrow.hostname, hostname) &&
  subsetOf(narrow.hostname, wide.hostname) &&
  !routes.some((r) => r.accepted.includes(narrow) && r.hostnames.some((h) => subsetOf(narrow.hostname, h)));

export const specificationDifferences = (catalog: Catalog): SpecificationDifference[] =>
  specDifferences(catalog).flatMap(({ feature, origin }) => {
    const words = SPEC_DIFFERENCES.find((d) => d.feature === feature);
    return words ? [{ spec: words.spec, implementation: words.istio, origin }] : [];
  });
