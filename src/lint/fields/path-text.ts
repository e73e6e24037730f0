// Paths that are compared as text and can be no path of a request, and texts that look like patterns. Envoy compares the path without
// the query, which begins with a slash (RouteMatch.prefix and .path, api/envoy/config/route/v3/route_components.proto of Envoy 1.40).

import { httpRule } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { AUTHORIZATION_POLICY, at, VIRTUAL_SERVICE } from './field-rule.js';
import { text } from './values.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';
const uri = (match: string, more = '') => httpRule(`match:\n- uri: {${match}}\n${more}${TO_SHOP}`);

const MATCHES = ['exact', 'prefix'].map((kind) => `spec.http[].match[].uri.${kind}`);
const PATTERN = /\.\*|\.\+|\\[dwsbDWS.]|\[[^\]]+\]|\([^)]*[|*?][^)]*\)|\$$/;

/** Why no path is, or begins with, this text. `*` is the path of `OPTIONS *`. */
function impossible(path: string): string | undefined {
  if (path === '' || path === '*') return undefined;
  if (path.includes('?')) return 'the query is not part of the path: match it with queryParams';
  if (path.includes('#')) return 'clients do not send what follows #';
  return path.startsWith('/') ? undefined : `every path begins with /: write /${path}`;
}

/** A value of `paths`: exact, `prefix*`, `*suffix`, or a template with `{*}`. */
function impossiblePath(value: string): string | undefined {
  // A template begins as its own rule asks (MGW1425).
  if (value.includes('{')) return undefined;
  if (value.startsWith('*')) return value.includes('?') ? impossible('?') : undefined;
  return impossible(value.endsWith('*') ? value.slice(0, -1) : value)?.replace(': match it with queryParams', '');
}

function patternText(path: string): Problem {
  if (impossible(path) !== undefined || path === '*') return undefined;
  if (PATTERN.test(path))
    return `${path} is compared literally, not as a pattern: the path of the request has to contain its special characters; use regex for a pattern`;
  return path.includes('*')
    ? `${path} is compared literally: the path of the request has to contain the asterisk; write prefix: ${path.slice(0, path.indexOf('*')) || '/'} for every path with that beginning`
    : undefined;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0165',
    name: 'path-never-matches',
    severity: 'error',
    category: 'reachability',
    title: 'No request has such a path',
    docs: {
      happens: 'The match never applies: a route is dead, a DENY rule denies nothing, an ALLOW rule allows nothing.',
      instead: 'A path that begins with a slash, without the query; `queryParams` for the query.',
      bad: uri('prefix: shop'),
      good: uri('prefix: /shop'),
    },
    fields: [
      ...at(VIRTUAL_SERVICE, MATCHES, (value, { key }) => {
        const why = impossible(text(value));
        return why ? `no path ${key === 'exact' ? 'is' : 'begins with'} ${text(value)}: ${why}` : undefined;
      }),
      ...at(
        AUTHORIZATION_POLICY,
        ['spec.rules[].to[].operation.paths[]', 'spec.rules[].to[].operation.notPaths[]'],
        (value) => {
          const why = impossiblePath(text(value));
          // Istio accepts it, and the rest of the policy works.
          return why ? { severity: 'warning', message: `no path matches ${text(value)}: ${why}` } : undefined;
        },
      ),
    ],
  },
  {
    code: 'MGW0166',
    name: 'path-pattern-as-text',
    severity: 'warning',
    category: 'reachability',
    title: 'A pattern in a path that is compared literally',
    docs: {
      happens: '`exact` and `prefix` have no wildcards: only a path that contains exactly these characters matches.',
      instead: '`prefix: /shop/` for everything below a path, `regex: /shop/[0-9]+` for a pattern.',
      bad: uri("prefix: '/shop/*'"),
      good: uri('prefix: /shop/'),
    },
    fields: at(VIRTUAL_SERVICE, MATCHES, (value) => patternText(text(value))),
  },
  {
    code: 'MGW0455',
    name: 'rewrite-group-as-text',
    severity: 'warning',
    category: 'field',
    title: 'A rewrite without a pattern refers to a captured group',
    docs: {
      happens: '`rewrite.uri` is plain text: the destination gets a path with the characters $1 in it.',
      instead: String.raw`uriRegexRewrite: {match: "^/users/(.*)$", rewrite: "/profiles/\\1"}`,
      bad: uri("regex: '/users/(.*)'", 'rewrite: {uri: /profiles/$1}\n'),
      good: uri(
        "regex: '/users/(.*)'",
        'rewrite: {uriRegexRewrite: {match: "^/users/(.*)$", rewrite: "/profiles/\\\\1"}}\n',
      ),
    },
    fields: at(VIRTUAL_SERVICE, ['spec.http[].rewrite.uri', 'spec.http[].redirect.uri'], (value) => {
      const group = /\$\{?\d\}?|\\\d/.exec(text(value))?.[0];
      return group
        ? `${group} is sent as text: groups of a pattern are available in rewrite.uriRegexRewrite only (there as \\1)`
        : undefined;
    }),
  },
];
