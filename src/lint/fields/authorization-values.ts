// The values in the lists of an AuthorizationPolicy and of its conditions: ValidateIPs, ValidatePorts, CheckEmptyValues,
// CheckServiceAccount, CheckTrustDomainValues and CheckValidPathTemplate of pkg/config/security/security.go (Istio source
// of 2026-08-22). Which keys conditions have: authorization-conditions.ts.

import { type Json, own } from '../../model/index.js';
import { authorizationPolicy } from '../examples.js';
import type { FieldCheck, Problem, Rule } from '../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from './field-rule.js';
import { isAddress, isCidr } from './names.js';
import { given, list, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the policy: nothing of it applies.";
const SOURCE = 'spec.rules[].from[].source';
const OPERATION = 'spec.rules[].to[].operation';
const CONDITION = 'spec.rules[].when[]';
const from = (source: string): string => authorizationPolicy(`rules:\n- from: [{source: {${source}}}]`);
const to = (operation: string): string => authorizationPolicy(`rules:\n- to: [{operation: {${operation}}}]`);

/** Each value of lists below `base`; an empty one is said by its own rule. */
const each = (base: string, fields: readonly string[], test: (value: string) => string | undefined): FieldCheck[] =>
  at(
    AUTHORIZATION_POLICY,
    fields.map((f) => `${base}.${f}[]`),
    (value) => (typeof value === 'string' && value !== '' ? test(value) : undefined),
  );

/** The values of conditions with one of these keys, list by list. */
const whereKey = (keys: readonly string[], test: (values: readonly string[]) => Problem[]): FieldCheck[] =>
  at(AUTHORIZATION_POLICY, CONDITION, (value) => {
    const condition = object(value);
    if (!keys.includes(text(condition.key))) return undefined;
    return ['values', 'notValues'].flatMap((field) =>
      test(list(own(condition, field)).map(text)).map((p) =>
        typeof p === 'object' ? { ...p, path: [field, ...(p.path ?? [])] } : p && { message: p, path: [field] },
      ),
    );
  });

/** `test` for each value, reported at its place. */
const everyValue =
  (test: (value: string) => string | undefined) =>
  (values: readonly string[]): Problem[] =>
    values.map((value, index) => {
      const message = value === '' ? undefined : test(value);
      return message === undefined ? undefined : { message, path: [index] };
    });

const block = (value: string): string | undefined => {
  if (value.includes('/') ? isCidr(value) : isAddress(value)) return undefined;
  return `"${value}" is neither an IP address nor a CIDR block such as 10.0.0.0/8`;
};

const port = (value: string): string | undefined =>
  /^\d+$/.test(value) && Number(value) <= 65535
    ? undefined
    : `"${value}" is not the number of a port (0..65535); names and ranges are not supported`;

const stars = (value: string): string | undefined => {
  const count = value.split('*').length - 1;
  return count > 1 || (count === 1 && !value.startsWith('*') && !value.endsWith('*'))
    ? `"${value}" may have one "*", at its start or end`
    : undefined;
};

const trustDomain = (value: string): string | undefined =>
  stars(value) ??
  (value.includes('/') ? `"${value}" is not a trust domain: it goes up to the first "/" of an identity` : undefined);

const MOST_ACCOUNTS = 16;
const MOST_BYTES = 320;

function serviceAccount(value: string): string | undefined {
  if (value.includes('*')) return `"${value}": the name of a service account has no wildcards; use principals`;
  const parts = value.split('/');
  if (parts.length > 2 || parts.some((part) => part === ''))
    return `"${value}" is neither a service account nor "namespace/account"`;
  return Buffer.byteLength(value) > MOST_BYTES
    ? `the service account "${value.slice(0, 40)}…" is longer than ${MOST_BYTES} bytes`
    : undefined;
}

const accounts = (values: readonly string[]): Problem[] =>
  values.length > MOST_ACCOUNTS
    ? [{ message: `more than ${MOST_ACCOUNTS} service accounts in one list`, path: [] }]
    : everyValue(serviceAccount)(values);

/** What a segment beside `{*}` and `{**}` may consist of. */
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** A pattern for the end would look at each slash of a row anew. */
function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}

function pathTemplate(path: string): string | undefined {
  const template = path.includes('{*}') || path.includes('{**}');
  let rest = false;
  for (const segment of withoutOuterSlashes(path).split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (rest) return `only literal segments may follow "{**}" in "${path}"`;
      rest = segment === '{**}';
    } else if (/[{}]/.test(segment))
      return `"${segment}" in "${path}": braces are allowed only as the whole segments "{*}" (one segment) and "{**}" (any number)`;
    else if (template && !LITERAL.test(segment))
      return `"${segment}" in "${path}" is not valid in a template: ${segment === '' ? 'a segment is empty' : segment.includes('*') ? 'write a wildcard as "{*}"' : 'it has characters that are not allowed in a path'}`;
  }
  return undefined;
}

const BLOCKS = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
const IDENTITIES = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts', 'trustDomains'].flatMap((f) => [
  f,
  `not${f[0]!.toUpperCase()}${f.slice(1)}`,
]);
const OPERATIONS = ['ports', 'methods', 'paths', 'hosts', 'notPorts', 'notMethods', 'notPaths', 'notHosts'];

function accountsBesideIdentity(value: Json): Problem {
  const source = object(value);
  const written = (fields: readonly string[]) => fields.find((f) => given(own(source, f)));
  const account = written(['serviceAccounts', 'notServiceAccounts']);
  const other = written(['principals', 'notPrincipals', 'namespaces', 'notNamespaces']);
  return account && other
    ? {
        message: `\`${account}\` and \`${other}\` exclude each other in one source: write "namespace/account", or a second item of \`from\``,
        path: [account],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1421',
      name: 'authorization-empty-value',
      title: 'A list of an AuthorizationPolicy has an empty value',
      docs: {
        happens: REFUSED,
        instead: 'Values; "*" to match anything.',
        bad: from('namespaces: [""]'),
        good: from('namespaces: [shop]'),
      },
    },
    at(
      AUTHORIZATION_POLICY,
      [
        ...[...IDENTITIES, ...BLOCKS].map((f) => `${SOURCE}.${f}[]`),
        ...OPERATIONS.map((f) => `${OPERATION}.${f}[]`),
        ...['values', 'notValues'].map((f) => `${CONDITION}.${f}[]`),
      ],
      (value) => (value === '' ? 'the value is empty' : undefined),
    ),
  ),
  refused(
    {
      code: 'MGW1422',
      name: 'authorization-address',
      title: 'An address of an AuthorizationPolicy is neither an IP address nor a CIDR block',
      docs: {
        happens: REFUSED,
        instead: 'For example 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32; names and wildcards are not supported.',
        bad: from('ipBlocks: ["10.*"]'),
        good: from('ipBlocks: [10.0.0.0/8]'),
      },
    },
    each(SOURCE, BLOCKS, block),
    whereKey(['source.ip', 'remote.ip', 'destination.ip'], everyValue(block)),
  ),
  refused(
    {
      code: 'MGW1423',
      name: 'authorization-port',
      title: 'A port of an AuthorizationPolicy is not a number of 0..65535',
      docs: {
        happens: REFUSED,
        instead: 'Numbers of ports as text, as the workload listens on them.',
        bad: to('ports: ["80-90"]'),
        good: to('ports: ["80", "81"]'),
      },
    },
    each(OPERATION, ['ports', 'notPorts'], port),
    whereKey(['destination.port'], everyValue(port)),
  ),
  refused(
    {
      code: 'MGW1424',
      name: 'authorization-identity',
      title: 'Invalid service account or trust domain in an AuthorizationPolicy',
      docs: {
        happens: REFUSED,
        instead:
          '"account" (of the policy\'s namespace) or "namespace/account"; a trust domain may begin or end with "*".',
        bad: from('serviceAccounts: ["shop/*"]'),
        good: from('serviceAccounts: [shop/frontend]'),
      },
    },
    at(AUTHORIZATION_POLICY, [`${SOURCE}.serviceAccounts`, `${SOURCE}.notServiceAccounts`], (value) =>
      accounts(list(value).map(text)),
    ),
    each(SOURCE, ['trustDomains', 'notTrustDomains'], trustDomain),
    at(AUTHORIZATION_POLICY, SOURCE, accountsBesideIdentity),
    whereKey(['source.serviceAccount'], accounts),
    whereKey(['source.trustDomain'], everyValue(stars)),
  ),
  refused(
    {
      code: 'MGW1425',
      name: 'authorization-path-template',
      title: 'Invalid path template in an AuthorizationPolicy',
      docs: {
        happens: REFUSED,
        instead: '"{*}" for one whole segment, "{**}" for any number of them, at most once and after every "{*}".',
        bad: to('paths: ["/users/{id}/orders"]'),
        good: to('paths: ["/users/{*}/orders"]'),
      },
    },
    each(OPERATION, ['paths', 'notPaths'], pathTemplate),
  ),
];
