// What the schemas of Kong's routes and services do not take: kong/db/schema/entities/{routes,routes_subschemas,services}.lua and
// kong/db/schema/typedefs.lua of Kong 3.10.

import type { KongRoute, KongService } from '../entities.js';
import type { Refusal } from './refusal.js';
import { escapesOf } from './uri.js';

const STREAM = ['tcp', 'tls', 'udp', 'tls_passthrough'];
const GRPC = ['grpc', 'grpcs'];
const SECURE = ['grpcs', 'https', 'tls', 'tls_passthrough'];
const STATUSES = [426, 301, 302, 307, 308];

/** Fields that a route has and its protocols do not go with, and those that it lacks. The protocols are known and go together. */
export function routeProblems(route: KongRoute): readonly Refusal[] {
  const { protocols, origin } = route;
  const problem = protocols.every((word) => STREAM.includes(word))
    ? streamProblem(route)
    : protocols.every((word) => GRPC.includes(word))
      ? grpcProblem(route)
      : httpProblem(route);
  const messages = [problem, ...fieldProblems(route)].filter((message) => message !== undefined);
  return messages.map((message) => ({ message: `route ${message}`, origin }));
}

/** Of an expression the controller sets no other field. */
const isExpression = ({ priority }: KongRoute): boolean => priority !== undefined;

const set = (route: KongRoute, names: readonly ('methods' | 'hosts' | 'headers' | 'paths' | 'snis')[]) =>
  names.filter((name) => route[name].length > 0);

function streamProblem(route: KongRoute): string | undefined {
  const [first] = set(route, ['methods', 'hosts', 'paths', 'headers']);
  return first && `${first}: cannot set '${first}' when 'protocols' is 'tcp', 'tls', 'tls_passthrough' or 'udp'`;
}

function grpcProblem(route: KongRoute): string | undefined {
  if (route.stripPath) return "strip_path: cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'";
  if (isExpression(route)) return undefined;
  if (route.methods.length > 0) return "methods: cannot set 'methods' when 'protocols' is 'grpc' or 'grpcs'";
  return lacking(route, ['hosts', 'headers', 'paths'], 'grpcs');
}

const httpProblem = (route: KongRoute): string | undefined =>
  isExpression(route) ? undefined : lacking(route, ['methods', 'hosts', 'headers', 'paths'], 'https');

/** One of the fields has to be there; with the secure protocol server names are enough. */
function lacking(
  route: KongRoute,
  names: readonly ('methods' | 'hosts' | 'headers' | 'paths')[],
  secure: 'https' | 'grpcs',
): string | undefined {
  const all = route.protocols.includes(secure) ? ([...names, 'snis'] as const) : names;
  if (set(route, all).length > 0) return undefined;
  return `must set one of ${all.map((name) => `'${name}'`).join(', ')} when 'protocols' is '${route.protocols.includes(secure) ? secure : secure.slice(0, -1)}'`;
}

function fieldProblems(route: KongRoute): readonly (string | undefined)[] {
  const { protocols, snis, headers, httpsRedirectStatus, pathHandlingWord } = route;
  return [
    STATUSES.includes(httpsRedirectStatus)
      ? undefined
      : `https_redirect_status_code: expected one of: ${STATUSES.join(', ')} (it is ${httpsRedirectStatus})`,
    ...(isExpression(route)
      ? []
      : [
          snis.length > 0 && !protocols.some((word) => SECURE.includes(word))
            ? "snis: 'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'"
            : undefined,
          pathHandlingWord === undefined || pathHandlingWord === 'v0' || pathHandlingWord === 'v1'
            ? undefined
            : `path_handling: expected one of: v0, v1 (it is ${pathHandlingWord})`,
          ...headers.map(([name, values]) => headerProblem(name, values)),
          ...route.hosts.map(hostProblem),
        ]),
  ];
}

function headerProblem(name: string, values: readonly string[]): string | undefined {
  if (name.toLowerCase() === 'host')
    return "headers: cannot contain 'host' header, which must be specified in the 'hosts' attribute";
  if (!/^[a-zA-Z0-9_-]+$/.test(name))
    return `headers: bad header name '${name}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`;
  return values.includes('') ? `headers: a value of ${name} is empty: length must be at least 1` : undefined;
}

/** One wildcard at most, which is the first or the last label. */
function hostProblem(host: string): string | undefined {
  if (host.split('*').length > 2) return `hosts: invalid wildcard: must have at most one wildcard (${host})`;
  return !host.includes('*') || host.startsWith('*.') || host.endsWith('.*')
    ? undefined
    : `hosts: invalid wildcard: must be placed at leftmost or rightmost label (${host})`;
}

const PROTOCOLS = [...GRPC, 'http', 'https', ...STREAM];

/** Each service once. */
export function serviceProblems(routes: readonly KongRoute[]): readonly Refusal[] {
  const services = new Map(routes.flatMap(({ service }) => (service ? [[service.name, service] as const] : [])));
  return [...services.values()].flatMap((service) => {
    const message = serviceProblem(service);
    return message === undefined ? [] : [{ message: `service ${message}`, origin: service.origin }];
  });
}

function serviceProblem({ protocol, path, hasPath }: KongService): string | undefined {
  if (!PROTOCOLS.includes(protocol))
    return `protocol: expected one of: ${[...PROTOCOLS].sort().join(', ')} (it is ${protocol})`;
  if (hasPath && ['tcp', 'tls', 'udp', ...GRPC].includes(protocol))
    return `path: failed conditional validation given value of field 'protocol' (no path for ${protocol})`;
  if (!path.startsWith('/')) return 'path: should start with: /';
  if (path.includes('//')) return 'path: must not have empty segments';
  if (!/^[\w.\-~/%:@!$&'()*+,;=]*$/.test(path))
    return `path: invalid path: '${path}' (characters outside of the reserved list of RFC 3986 found)`;
  const broken = escapesOf(path);
  return broken === undefined ? undefined : `path: invalid url-encoded value: '${broken}'`;
}
