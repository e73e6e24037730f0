// What a route does: envoy.config.route.v3 RouteAction, RedirectAction, DirectResponseAction (source/common/router/config_impl.cc).

import {
  type Action,
  append,
  type Forward,
  type HeaderOps,
  type Mirror,
  type PathRewrite,
  plainTemplate,
  type Redirect,
  type RouteMatch,
  type Template,
  table,
  type WeightedDestination,
} from '../../../model/index.js';
import { type Clusters, destinationOf, endpointHost } from './clusters.js';
import { deliveryOf } from './delivery.js';
import { headerOps } from './headers.js';
import { templateOf } from './match.js';
import { regexIn } from './match-text.js';
import { at, field, list, type Node, originAt } from './node.js';
import { rewriteOf, uriTemplate } from './uri-template.js';
import { enumeration, flag, fractionOf, number, text } from './values.js';

export interface ActionRead {
  readonly action: Action;
  /** What the model does not have, in words. */
  readonly unread: readonly string[];
  /** The cluster is what a header of the request names. */
  readonly clusterHeader?: string;
}

/** `match`: what the route takes, for rewrites of what was matched. */
export function actionOf(route: Node, match: RouteMatch, clusters: Clusters, hostLevel: Node | undefined): ActionRead {
  const forward = field(route, 'route');
  if (forward) return forwardOf(forward, { match, clusters, matchNode: field(route, 'match'), hostLevel });
  const redirect = field(route, 'redirect');
  if (redirect) return redirectOf(redirect, match);
  const direct = field(route, 'direct_response');
  if (direct) return directOf(direct);
  const reason = field(route, 'non_forwarding_action') ? 'the route forwards nothing' : 'the route has no action';
  return { action: { kind: 'none', reason }, unread: [] };
}

interface Around {
  readonly match: RouteMatch;
  readonly matchNode: Node | undefined;
  readonly clusters: Clusters;
  readonly hostLevel: Node | undefined;
}

const NOT_FOUND_CODES = ['SERVICE_UNAVAILABLE', 'NOT_FOUND', 'INTERNAL_SERVER_ERROR'];
const STATUS_OF = table<number>({
  SERVICE_UNAVAILABLE: 503,
  NOT_FOUND: 404,
  INTERNAL_SERVER_ERROR: 500,
});

function forwardOf(node: Node, around: Around): ActionRead {
  const { clusters } = around;
  const unread: string[] = [];
  const clusterHeader = text(node, 'cluster_header');
  const code = enumeration(node, 'cluster_not_found_response_code', NOT_FOUND_CODES) ?? 'SERVICE_UNAVAILABLE';
  const missing = STATUS_OF.get(code) ?? 503;
  const destinations = destinationsOf(node, clusters, missing, unread);
  if (destinations.length === 0 && clusterHeader === undefined)
    return {
      action: { kind: 'none', reason: 'the cluster is chosen by a plugin' },
      unread: ['a cluster that a plugin chooses'],
    };
  const host = hostRewrite(node, clusters, unread);
  const path = pathRewrite(node, around, unread);
  const rewrite =
    host === undefined && !path
      ? undefined
      : { ...(path ? { path } : {}), ...(host === undefined ? {} : { host }), origin: originAt(node) };
  const mirrors = mirrorsOf(node, around, unread);
  const delivery = deliveryOf(node, around.hostLevel);
  const action: Forward = {
    kind: 'forward',
    destinations,
    ...(rewrite ? { rewrite } : {}),
    ...(mirrors.length > 0 ? { mirrors } : {}),
    ...(delivery ? { delivery } : {}),
  };
  return { action, unread, ...(clusterHeader === undefined ? {} : { clusterHeader: clusterHeader.toLowerCase() }) };
}

function destinationsOf(node: Node, clusters: Clusters, missing: number, unread: string[]): WeightedDestination[] {
  const cluster = field(node, 'cluster');
  const name = text(node, 'cluster');
  if (cluster && name !== undefined)
    return [{ to: target(name, cluster, clusters, missing), weight: 1, origin: originAt(cluster) }];
  const weighted = field(node, 'weighted_clusters');
  return list(weighted, 'clusters').flatMap((share): WeightedDestination[] => {
    const weight = number(share, 'weight') ?? 0;
    const named = text(share, 'name');
    if (named === undefined || named === '') unread.push('a share whose cluster a header names');
    const [request, response] = (['request', 'response'] as const).map((direction) => {
      const read = headerOps([share], direction);
      append(unread, read.unread);
      for (const { name } of read.conditional) unread.push(`header ${name} of one cluster, where it is there or not`);
      return read.ops;
    });
    const hostRewrite = text(share, 'host_rewrite_literal');
    if (weight === 0) return [];
    return [
      {
        to: target(named ?? '', share, clusters, missing),
        weight,
        ...ops(request, response),
        ...(hostRewrite ? { hostRewrite } : {}),
        origin: originAt(share),
      },
    ];
  });
}

const ops = (request: HeaderOps | undefined, response: HeaderOps | undefined) => ({
  ...(request ? { requestHeaders: request } : {}),
  ...(response ? { responseHeaders: response } : {}),
});

/** Istio's cluster for what cannot be resolved (pilot/pkg/networking/core/route, UnknownService) answers with the route's code, as any missing one. */
function target(name: string, node: Node, clusters: Clusters, missing: number): WeightedDestination['to'] {
  const to = destinationOf(name, clusters, originAt(node));
  const isMissing = to.missing !== undefined || (name === 'UnknownService' && !clusters.byName.has(name));
  return isMissing && missing !== 503 ? { status: missing, origin: originAt(node) } : to;
}

function hostRewrite(node: Node, clusters: Clusters, unread: string[]): Template | undefined {
  const fixed = text(node, 'host_rewrite_literal') ?? text(node, 'host_rewrite');
  if (fixed) return plainTemplate(fixed);
  const header = text(node, 'host_rewrite_header');
  if (header) return `%REQ(${header.toLowerCase()})%`;
  if (field(node, 'host_rewrite_path_regex')) unread.push('a host taken from the path');
  const formatted = text(node, 'host_rewrite');
  if (formatted === undefined && flag(node, 'auto_host_rewrite')) {
    const name = text(node, 'cluster');
    const host = name === undefined ? undefined : endpointHost(name, clusters);
    if (host !== undefined) return plainTemplate(host);
    unread.push('the host of the endpoint that is chosen (auto_host_rewrite)');
  }
  return undefined;
}

/** Patterns that take a whole path: the substitution is the new path (Istio and Envoy Gateway write the full replacement of a path so). */
const TAKES_ALL = new Set(['^(?s:.*)$', '^.*$', '.*', '/.*', '^/.*$', '^(.*)$']);

/** Of a forward or a redirect. */
function pathRewrite(
  node: Node,
  { match, matchNode }: Pick<Around, 'match' | 'matchNode'>,
  unread: string[],
): PathRewrite | undefined {
  const prefix = text(node, 'prefix_rewrite');
  if (prefix) return prefixRewrite(prefix, match);
  const regex = field(node, 'regex_rewrite');
  const pattern = regexIn(regex, 'pattern');
  if (pattern?.kind === 'regex' && TAKES_ALL.has(pattern.pattern) && !/\\[^\\]/.test(text(regex, 'substitution') ?? ''))
    return { kind: 'full', to: plainTemplate((text(regex, 'substitution') ?? '').replaceAll('\\\\', '\\')) };
  if (pattern?.kind === 'regex')
    return { kind: 'regex', pattern: pattern.pattern, substitution: text(regex, 'substitution') ?? '', all: true };
  if (field(node, 'path_rewrite')) unread.push('a path made by a formatter');
  const policy = field(node, 'path_rewrite_policy');
  if (!policy) return undefined;
  const template = templateOf(field(matchNode, 'path_match_policy'));
  const rewritten = text(at(policy, 'typed_config'), 'path_template_rewrite');
  if (template !== undefined && rewritten !== undefined) {
    const compiled = uriTemplate(template);
    const substitution = rewriteOf(rewritten, compiled);
    if (substitution !== undefined) return { kind: 'regex', pattern: `^${compiled.pattern}$`, substitution, all: true };
  }
  unread.push('a path made by a policy');
  return undefined;
}

/** What the specifier matched is replaced: a prefix, else the whole path. */
function prefixRewrite(to: string, { path }: RouteMatch): PathRewrite {
  if (path?.kind === 'prefix' || path?.kind === 'segment-prefix') return { kind: 'prefix', from: path.value, to };
  return path ? { kind: 'full', to: plainTemplate(to) } : { kind: 'prefix', from: '/', to };
}

function mirrorsOf(node: Node, { clusters, hostLevel }: Around, unread: string[]): Mirror[] {
  const own = list(node, 'request_mirror_policies');
  const policies = own.length > 0 ? own : list(hostLevel, 'request_mirror_policies');
  return policies.flatMap((policy): Mirror[] => {
    const cluster = text(policy, 'cluster');
    if (!cluster) {
      unread.push('a mirror whose cluster a header names');
      return [];
    }
    const percent = fractionOf(field(policy, 'runtime_fraction'), 100);
    const origin = originAt(policy);
    const destination = destinationOf(cluster, clusters, origin);
    // Nobody gets a copy for a cluster that is not there.
    if (destination.missing) return [];
    const bare = flag(policy, 'disable_shadow_host_suffix_append');
    return [{ destination, percent, hostSuffix: bare ? '' : '-shadow', origin }];
  });
}

const REDIRECT_CODES = ['MOVED_PERMANENTLY', 'FOUND', 'SEE_OTHER', 'TEMPORARY_REDIRECT', 'PERMANENT_REDIRECT'];
const REDIRECT_STATUS = table<number>({
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
});

function redirectOf(node: Node, match: RouteMatch): ActionRead {
  const unread: string[] = [];
  const scheme = flag(node, 'https_redirect') ? 'https' : text(node, 'scheme_redirect');
  const code = enumeration(node, 'response_code', REDIRECT_CODES) ?? 'MOVED_PERMANENTLY';
  const fullPath = text(node, 'path_redirect');
  const path = fullPath
    ? ({ kind: 'full', to: plainTemplate(fullPath) } as const)
    : pathRewrite(node, { match, matchNode: undefined }, unread);
  const host = text(node, 'host_redirect');
  const port = number(node, 'port_redirect');
  if (scheme && scheme !== 'http' && scheme !== 'https') unread.push(`the scheme ${scheme} of a redirect`);
  const action: Redirect = {
    kind: 'redirect',
    status: REDIRECT_STATUS.get(code) ?? 301,
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(host ? { host } : {}),
    ...(port ? { port } : {}),
    ...(path ? { path } : {}),
    ...(flag(node, 'strip_query') ? { stripQuery: true } : {}),
  };
  return { action, unread };
}

function directOf(node: Node): ActionRead {
  const body = field(node, 'body');
  const bytes = text(body, 'inline_bytes');
  const inline =
    text(body, 'inline_string') ?? (bytes === undefined ? undefined : Buffer.from(bytes, 'base64').toString('utf8'));
  const unread = body && inline === undefined ? ['a body that is in a file'] : [];
  if (field(node, 'body_format')) unread.push('a body made by a formatter');
  return {
    action: { kind: 'direct-response', status: number(node, 'status') ?? 200, ...(inline ? { body: inline } : {}) },
    unread,
  };
}
