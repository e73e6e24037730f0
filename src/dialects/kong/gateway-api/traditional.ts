// Routes of HTTPRoutes in the two traditional flavours: GenerateKongRoutesFromHTTPRouteMatches in
// internal/dataplane/translator/subtranslator/httproute.go (Kong/kubernetes-ingress-controller 3.5).

import { append, formatResource, type JsonObject, type Origin } from '../../../model/index.js';
import { objectsOf, stringOf } from '../../../resources/fields.js';
import { headersOf, hostAliases, methodsOf, snisOf } from '../controller/annotations.js';
import { routeSettings } from '../controller/settings.js';
import type { KongPath, KongPlugin, KongRoute, KongService } from '../entities.js';
import { entityId } from '../uuid.js';
import { filterPlugins, normalPrefix } from './filters.js';
import { groupBy, sorted } from './group.js';
import type { HttpMatch, HttpRule, RoutesOfService } from './http-rule.js';

/** Matches of rules with the same filters that share a route. */
interface Group {
  readonly rule: HttpRule;
  readonly matches: readonly HttpMatch[];
}

export const traditionalRoutes: RoutesOfService = (rules, service, notes) => {
  const routes: KongRoute[] = [];
  const plugins: KongPlugin[] = [];
  for (const { rule, matches } of groupBy(rules, ({ rule }) => sorted(objectsOf(rule.filters))).flatMap(matchGroups)) {
    const problem = twiceAsked(matches[0]);
    if (problem) {
      notes.push(leftOut(rule, problem.what, problem.origin));
      return undefined;
    }
    const filters = matches.length === 0 ? [] : objectsOf(rule.rule.filters);
    const made = filterPlugins(filters, rule.origin, matches[0]?.path.value ?? '');
    if ('error' in made) {
      notes.push(leftOut(rule, made.error, made.origin));
      return undefined;
    }
    const route = routeOf({ rule, matches }, service);
    const catching = made.replacesPrefix ? { ...route, paths: prefixPaths(matches[0]!) } : route;
    // A redirect has one route for each match, all of one name.
    const many = filters.some(({ type }) => type === 'RequestRedirect') ? matches.length : 1;
    for (let i = 0; i < many; i++)
      routes.push({ ...catching, ...(made.named.length > 0 ? { named: made.named } : {}) });
    append(
      plugins,
      made.plugins.map((plugin) => ({ ...plugin, route: route.name })),
    );
  }
  return { routes, plugins };
};

/** An empty list of matches is a route for the hosts alone. */
const matchGroups = (rules: readonly HttpRule[]): readonly Group[] => [
  ...rules.filter(({ matches }) => matches.length === 0).map((rule) => ({ rule, matches: [] })),
  ...groupBy(
    rules.flatMap((rule) => rule.matches.map((match) => ({ rule, match }))),
    ({ match }) => keyOf(match),
  ).map((of) => ({ rule: of[0]!.rule, matches: of.map(({ match }) => match) })),
];

/** Matches with the same method and headers; of a header that is asked for twice the first counts here. */
function keyOf({ match }: HttpMatch): string {
  const headers = new Map<string, JsonObject>();
  for (const header of objectsOf(match.headers)) {
    const name = (stringOf(header.name) ?? '').toLowerCase();
    if (!headers.has(name)) headers.set(name, { name, type: header.type ?? 'Exact', value: header.value ?? '' });
  }
  return JSON.stringify([match.method ?? null, sorted([...headers.values()])]);
}

const leftOut = ({ resource }: HttpRule, what: string, origin: Origin) => ({
  code: 'kong-route',
  message: `${formatResource(resource)} has ${what}, which Kong's controller does not know: it leaves out all rules with these backends`,
  origin,
});

function twiceAsked(match: HttpMatch | undefined): { readonly what: string; readonly origin: Origin } | undefined {
  const names = objectsOf(match?.match.headers).map(({ name }) => stringOf(name) ?? '');
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? undefined : { what: `two conditions for the header ${twice}`, origin: match!.origin };
}

function routeOf({ rule, matches }: Group, service: KongService): KongRoute {
  const { resource, hostnames, protocols, index, origin } = rule;
  const [first] = matches;
  const name = `httproute.${resource.namespace}.${resource.name}.${index}.${first?.index ?? 0}`;
  const methods = matches.flatMap(({ match }) => stringOf(match.method) ?? []);
  const headers = objectsOf(first?.match.headers).map(({ name: header, type, value }): [string, string[]] => [
    stringOf(header) ?? '',
    [`${type === 'RegularExpression' ? '~*' : ''}${stringOf(value) ?? ''}`],
  ]);
  const said = { methods: methodsOf(resource, false), headers: headersOf(resource), snis: snisOf(resource, false) };
  return {
    ...routeSettings(resource, protocols, false),
    name,
    id: entityId('routes', name),
    service,
    hosts: [...new Set([...hostnames, ...hostAliases(resource, false)])],
    paths: matches.flatMap(pathsOf),
    // What annotations say takes the place of the match.
    methods: said.methods.length > 0 ? said.methods : [...new Set(methods)],
    headers: said.headers.length > 0 ? said.headers : headers,
    snis: said.snis,
    origin: matches.length === 1 ? first!.origin : origin,
  };
}

const regex = (value: string, origin: Origin): KongPath => ({ kind: 'regex', value, origin });
const exactly = (path: string, origin: Origin): KongPath => ({
  kind: 'regex',
  value: `${path}$`,
  literal: path,
  origin,
});

function pathsOf({ path: { type, value }, origin }: HttpMatch): readonly KongPath[] {
  if (type === 'Exact') return [exactly(value, origin)];
  if (type === 'RegularExpression') return [regex(value, origin)];
  return [exactly(value, origin), { kind: 'prefix', value: value.endsWith('/') ? value : `${value}/`, origin }];
}

function prefixPaths({ path, origin }: HttpMatch): readonly KongPath[] {
  const prefix = normalPrefix(path.value);
  return [regex(`${prefix}$`, origin), regex(prefix === '/' ? '/(.*)' : `${prefix}(/.*)`, origin)];
}
