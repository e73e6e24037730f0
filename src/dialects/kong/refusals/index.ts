// What makes Kong refuse a declarative configuration as a whole: nothing of it is applied then, a running gateway keeps the last good
// one, and a new one answers 404 (kong/db/schema, kong/db/schema/entities/{routes,plugins}.lua of Kong 3.10).

import type { Origin } from '../../../model/index.js';
import { PcreError, translatePcre } from '../../pcre.js';
import type { Flavor, KongConfig, KongPath, KongPlugin, KongRoute } from '../entities.js';
import { configProblem } from './plugin-config.js';
import { escapesOf, normalizeUri } from './uri.js';

export interface Refusal {
  /** In Kong's words as far as there are some. */
  readonly message: string;
  readonly origin: Origin;
}

export function refusalsOf({ flavor, routes, plugins }: KongConfig): readonly Refusal[] {
  return [
    ...routes.flatMap((route) => protocolProblems(route)),
    ...routes.flatMap((route) => route.paths.flatMap((path) => pathProblem(path, route, flavor))),
    ...twiceNamed(routes),
    ...plugins.flatMap((plugin) => {
      const problem = configProblem(plugin);
      return problem === undefined
        ? []
        : [{ message: `plugin ${plugin.name}: ${problem}`, origin: configOrigin(plugin) }];
    }),
    ...twice(plugins),
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

/** One type of plugin twice for the same route, service and consumer: whether it is switched off does not matter. */
function twice(plugins: readonly KongPlugin[]): readonly Refusal[] {
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
    return [
      {
        message: `plugin: uniqueness violation: two plugins of type ${name} for ${place}: ${of(first.origin)} and ${of(origin)}`,
        origin,
      },
    ];
  });
}

const configOrigin = ({ origin }: KongPlugin): Origin =>
  origin.path.length === 0 ? { resource: origin.resource, path: ['config'] } : origin;
