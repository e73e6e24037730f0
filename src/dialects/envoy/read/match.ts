// The match of a route: envoy.config.route.v3.RouteMatch (source/common/router/config_impl.cc, RouteEntryImplBase::matchRoute).

import {
  append,
  type ClaimMatcher,
  type HeaderMatcher,
  type RouteMatch,
  RUNTIME_KEY,
  type StringMatcher,
} from '../../../model/index.js';
import { headerMatcher, queryMatcher, regexIn } from './match-text.js';
import { claimMatcher, metadataTest } from './metadata.js';
import { field, list, type Node, originAt } from './node.js';
import { anyOf, shortType, typedOf } from './typed.js';
import { uriTemplate } from './uri-template.js';
import { flag, fractionOf, text } from './values.js';

export type MatchRead =
  /** `unread`: conditions beside it that the model does not have; the rule takes a part of what the match says. */
  | { readonly match: RouteMatch; readonly unread: readonly string[] }
  /** No request is taken. */
  | 'never';

/** `isRouterCheck`: what filters and the runtime say is in the tests. */
export function routeMatch(node: Node | undefined, isRouterCheck: boolean): MatchRead {
  const unread: string[] = [];
  const headers: HeaderMatcher[] = [];
  const path = pathOf(node, unread);
  if (field(node, 'connect_matcher')) headers.push({ name: ':method', value: { kind: 'exact', value: 'CONNECT' } });
  for (const header of list(node, 'headers')) {
    const read = headerMatcher(header);
    if (read) headers.push(read);
    else unread.push(`the test of header ${text(header, 'name')}`);
  }
  // Grpc::Common::isGrpcRequestHeaders.
  if (field(node, 'grpc'))
    headers.push({ name: 'content-type', value: { kind: 'regex', pattern: 'application/grpc(\\+.*)?' } });
  const parameters = list(node, 'query_parameters').map(queryMatcher);
  const query = parameters.filter((q) => q !== undefined);
  if (query.length < parameters.length) unread.push('a test of the query');
  const claims = isRouterCheck ? [] : claimsOf(node, unread);
  if (isRouterCheck) append(headers, testedOf(node, unread));
  const percent = isRouterCheck ? 100 : fractionOf(field(node, 'runtime_fraction'), 100);
  if (percent === 0) return 'never';
  if (percent < 100) unread.push(`a share of ${percent} % of the requests`);
  for (const [name, what] of UNREAD) if (field(node, name)) unread.push(what);
  return {
    match: { ...(path ? { path } : {}), headers, query, ...(claims.length > 0 ? { claims } : {}) },
    unread,
  };
}

const UNREAD = [
  ['tls_context', "the client's certificate"],
  ['filter_state', 'the state that a filter leaves'],
  ['cookies', 'cookies'],
] as const;

/** A route with a fraction is off unless its key is named, whatever the fraction (router_check/router.cc, runtimeMock). */
function testedOf(node: Node | undefined, unread: string[]): HeaderMatcher[] {
  const fraction = field(node, 'runtime_fraction');
  const key = text(fraction, 'runtime_key') ?? '';
  const runtime: HeaderMatcher[] = fraction ? [{ name: RUNTIME_KEY, value: { kind: 'exact', value: key } }] : [];
  const metadata = list(node, 'dynamic_metadata').flatMap((one): HeaderMatcher[] => {
    const test = metadataTest(one);
    if (test) return [test];
    unread.push('metadata that is not a string');
    return [];
  });
  return [...runtime, ...metadata];
}

function claimsOf(node: Node | undefined, unread: string[]): ClaimMatcher[] {
  const claims: ClaimMatcher[] = [];
  for (const metadata of list(node, 'dynamic_metadata')) {
    const read = claimMatcher(metadata);
    if (!read) unread.push('metadata that a filter leaves');
    else {
      const invert = flag(metadata, 'invert');
      append(claims, [{ ...read, ...(invert ? { invert } : {}), origin: originAt(metadata) }]);
    }
  }
  return claims;
}

function pathOf(node: Node | undefined, unread: string[]): StringMatcher | undefined {
  const ignoreCase = flag(node, 'case_sensitive') === false ? { ignoreCase: true } : {};
  const prefix = text(node, 'prefix');
  if (prefix !== undefined) return prefix === '' ? undefined : { kind: 'prefix', value: prefix, ...ignoreCase };
  const path = text(node, 'path');
  if (path !== undefined) return { kind: 'exact', value: path, ...ignoreCase };
  const separated = text(node, 'path_separated_prefix');
  if (separated !== undefined) return { kind: 'segment-prefix', value: separated, ...ignoreCase };
  const policy = field(node, 'path_match_policy');
  if (!policy) return regexIn(node, 'safe_regex') ?? regexIn(node, 'regex');
  const template = templateOf(policy);
  if (template === undefined) unread.push(`the path policy ${shortType(typedOf(policy).type)}`);
  return template === undefined ? undefined : { kind: 'regex', pattern: uriTemplate(template).pattern };
}

/** The template of a `path_match_policy` or a `uri_template`. */
export function templateOf(policy: Node | undefined): string | undefined {
  const config = field(policy, 'typed_config');
  return config && text(anyOf(config).config, 'path_template');
}
