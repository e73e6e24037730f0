// What makes Kong refuse a declarative configuration as a whole: nothing of it is applied then, a running gateway keeps the last good
// one, and a new one answers 404 (kong/db/schema, kong/db/schema/entities/{routes,plugins}.lua of Kong 3.10).

import type { Origin } from '../../../model/index.js';
import { PcreError, translatePcre } from '../../pcre.js';
import type { Flavor, KongConfig, KongPath, KongPlugin, KongRoute } from '../entities.js';
import { routeProblems, serviceProblems } from './entity-schemas.js';
import { configProblem } from './plugin-config.js';
import type { Refusal } from './refusal.js';
import { escapesOf, normalizeUri } from './uri.js';

export function refusalsOf({ flavor, routes, plugins, consumers }: KongConfig): readonly Refusal[] {
  return [
    ...routes.flatMap((route) => {
      const problems = protocolProblems(route);
      return problems.length > 0 ? problems : routeProblems(route);
    }),
    ...serviceProblems(routes),
    ...routes.flatMap((route) => route.paths.flatMap((path) => pathProblem(path, route, flavor))),
    ...twiceNamed(routes),
    ...settingProblems(routes),
    ...plugins.flatMap((plugin) => {
      const problem = hasEnvironment(plugin) ? undefined : configProblem(plugin);
      return problem === undefined
        ? []
        : [{ message: `plugin ${plugin.name}: ${problem}`, origin: configOrigin(plugin) }];
    }),
    ...twice(plugins, consumers.length > 0),
  ];
}

const PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp'];
const FAMILIES = [['http', 'https'], ['tcp', 'tls', 'udp'], ['tls_passthrough'], ['grpc', 'grpcs']];

function protocolProblems({ protocols, origin }: KongRoute): readonly Refusal[] {
  const bad = protocols.findIndex((word) => !PROTOCOLS.includes(word));
  if (bad >= 0)
    return [
      {
        message: `route protocols.${bad + 1}: expected one of: ${PROTOCOLS.join(', ')} (not ${protocols[bad]})`,
        origin,
      },
    ];
  if (FAMILIES.some((family) => protocols.every((word) => family.includes(word)))) return [];
  return [{ message: `route protocols: (${protocols.join(', ')}) do not go together`, origin }];
}

function pathProblem({ kind, value, origin }: KongPath, { priority }: KongRoute, flavor: Flavor): readonly Refusal[] {
  if (kind === 'regex') {
    const problem = patternProblem(value, flavor, priority !== undefined);
    return problem === undefined ? [] : [{ message: problem, origin }];
  }
  // Expressions hold the path as a text.
  if (priority !== undefined) return [];
  if (!value.startsWith('/'))
    return [{ message: 'route paths: should start with: / (fixed path) or ~/ (regex path)', origin }];
  const broken = escapesOf(value);
  if (broken !== undefined) return [{ message: `route paths: invalid url-encoded value: '${broken}'`, origin }];
  const normal = normalizeUri(value);
  return normal === value
    ? []
    : [{ message: `route paths: non-normalized path, consider use '${normal}' instead (it is ${value})`, origin }];
}

/** PCRE has to take it, and Rust's regular expressions where they run. */
function patternProblem(pattern: string, flavor: Flavor, expression: boolean): string | undefined {
  if (!expression && !pattern.startsWith('/'))
    return 'route paths: should start with: / (fixed path) or ~/ (regex path)';
  try {
    translatePcre(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof PcreError)) throw error;
    if (error.cause === 'invalid') return `route paths: invalid regex: '${pattern}' (${error.message})`;
    return flavor === 'traditional'
      ? undefined
      : `route paths: the pattern '${pattern}' has ${error.message}, which Rust's regular expressions do not have (router flavour ${flavor})`;
  }
}

/** Times and tries of services out of Kong's range (kong/db/schema/entities/services.lua). */
function settingProblems(routes: readonly KongRoute[]): readonly Refusal[] {
  // Ports of a Service are services of Kong's with the same annotations.
  const all = routes.flatMap(({ service }) => service?.settings ?? []);
  const settings = new Map(
    all.map((entry) => [`${entry.origin.resource.order} ${entry.origin.path.join('/')}`, entry]),
  );
  return [...settings.values()].flatMap(({ name, value, origin }) => {
    const [low, high] = name === 'retries' ? ([0, 32_767] as const) : ([1, 2 ** 31 - 2] as const);
    if (value >= low && value <= high) return [];
    const field = name.replace('-', '_');
    return [{ message: `service ${field}: value should be between ${low} and ${high} (it is ${value})`, origin }];
  });
}

/** Two routes of one name: two matches of a rule of an HTTPRoute that redirects. */
function twiceNamed(routes: readonly KongRoute[]): readonly Refusal[] {
  const seen = new Set<string>();
  return routes.flatMap(({ name, origin }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      { message: `route: uniqueness violation: 'routes' entity with name set to '${name}' already declared`, origin },
    ];
  });
}

/**
 * One type of plugin twice for the same route, service and consumer: whether it is switched off does not matter. Beside consumers the real
 * Kong has other words for it where the plugins are for a route (recorded: fixtures/kong/refused/plugins).
 */
function twice(plugins: readonly KongPlugin[], besideConsumers: boolean): readonly Refusal[] {
  const seen = new Map<string, KongPlugin>();
  const refused = new Set<string>();
  return plugins.flatMap((plugin) => {
    const { name, route, service, consumer, consumerGroup, origin } = plugin;
    const key = JSON.stringify([name, route, service, consumer, consumerGroup]);
    const first = seen.get(key);
    seen.set(key, first ?? plugin);
    const pair = first && `${first.origin.resource.order} ${origin.resource.order}`;
    if (!first || !pair || refused.has(pair)) return [];
    refused.add(pair);
    const place = route !== undefined ? `route ${route}` : service !== undefined ? `service ${service}` : 'everything';
    const of = ({ resource }: Origin): string => `${resource.kind} ${resource.name}`;
    const words =
      besideConsumers && route !== undefined ? 'plugin route.id: missing primary key' : 'plugin: uniqueness violation';
    return [
      {
        message: `${words}: two plugins of type ${name} for ${place}: ${of(first.origin)} and ${of(origin)}`,
        origin,
      },
    ];
  });
}

/** decK puts values of its environment in before Kong gets the file: what they are is in no file. */
const hasEnvironment = ({ config, origin }: KongPlugin): boolean =>
  origin.resource.kind === 'DeclarativeConfig' && /\$\{\{\s*env\b/.test(JSON.stringify(config));

const configOrigin = ({ origin }: KongPlugin): Origin =>
  origin.path.length === 0 ? { resource: origin.resource, path: ['config'] } : origin;
