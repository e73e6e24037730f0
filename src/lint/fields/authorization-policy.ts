// What an AuthorizationPolicy has to have for its action, and which of its parts say nothing: ValidateAuthorizationPolicy
// and checkDryRunAnnotation of pkg/config/validation/validation.go (source of 2026-08-22). An empty list is an absent one
// there: protobuf does not tell them apart. The values in the lists: authorization-values.ts.

import { type Json, type JsonObject, own } from '../../model/index.js';
import { authorizationPolicy } from '../examples.js';
import type { Place, Problem, Rule } from '../rule.js';
import { AUTHORIZATION_POLICY, at, refused, warned } from './field-rule.js';
import { given, list, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the policy: nothing of it applies.";
const RULE = 'spec.rules[]';
const action = (spec: JsonObject): string => text(spec.action) || 'ALLOW';
const filled = (part: JsonObject, fields: readonly string[]): string[] =>
  fields.filter((field) => list(own(part, field)).length > 0);
const withNot = (fields: readonly string[]): string[] =>
  fields.flatMap((f) => [f, `not${f[0]!.toUpperCase()}${f.slice(1)}`]);

/** Who calls, as a TLS certificate or a token says it. */
const BY_IDENTITY = withNot(['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals']);
const SOURCE = [...BY_IDENTITY, ...withNot(['ipBlocks', 'remoteIpBlocks'])];
const OPERATION = withNot(['ports', 'methods', 'paths', 'hosts']);
/** What a TCP connection has too. */
const TCP_SOURCE = withNot(['principals', 'ipBlocks', 'namespaces', 'remoteIpBlocks', 'serviceAccounts']);
const IDENTITY_KEYS = new Set(['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal']);

function rulesMissing(value: Json): Problem {
  const spec = object(value);
  if (list(spec.rules).length || !['DENY', 'CUSTOM'].includes(action(spec))) return undefined;
  return {
    message: `a ${action(spec)} policy without rules never applies; for every request write \`rules: [{}]\``,
    path: given(spec.rules) ? ['rules'] : given(spec.action) ? ['action'] : [],
  };
}

function provider(value: Json): Problem {
  const spec = object(value);
  if (action(spec) !== 'CUSTOM')
    return given(spec.provider)
      ? { message: `\`provider\` belongs to the action CUSTOM, not ${action(spec)}`, path: ['provider'] }
      : undefined;
  return list(spec.rules).length && text(object(spec.provider).name) === ''
    ? {
        message: 'a CUSTOM policy needs the name of its provider (extensionProviders of the mesh configuration)',
        path: given(spec.provider) ? ['provider'] : [],
      }
    : undefined;
}

const TRUTHS = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

function dryRun(value: Json, { spec }: Place): Problem {
  if (!['ALLOW', 'DENY'].includes(action(spec)))
    return `istio.io/dry-run works for the actions ALLOW and DENY, not ${action(spec)}`;
  return TRUTHS.test(text(value)) ? undefined : `istio.io/dry-run is "true" or "false", not "${text(value)}"`;
}

const unsupported = (what: string): string =>
  `a CUSTOM policy cannot depend on ${what}; select the requests that the provider checks by ipBlocks, operations and headers`;

/** `from` without `source`, `to` without `operation`, and such without anything. */
const emptyPart = (inner: string, fields: readonly string[]) => (value: Json) => {
  const part = own(object(value), inner);
  if (!given(part)) return `the item has no \`${inner}\``;
  return filled(object(part), fields).length
    ? undefined
    : {
        message: `\`${inner}\` is empty: write what it is to match, or leave the whole item out to match everything`,
        path: [inner],
      };
};

function tcpDenied(value: Json, { spec }: Place): Problem {
  if (action(spec) !== 'DENY') return undefined;
  const sources = list(object(value).from).flatMap((f) => (given(object(f).source) ? [object(object(f).source)] : []));
  const operations = list(object(value).to).flatMap((t) =>
    given(object(t).operation) ? [object(object(t).operation)] : [],
  );
  const tcp = operations.length
    ? operations.some((o) => filled(o, ['ports', 'notPorts']).length)
    : sources.length === 0 || sources.some((s) => filled(s, TCP_SOURCE).length);
  return tcp
    ? undefined
    : 'the rule uses HTTP attributes only, which a TCP connection does not have: it denies all traffic to TCP ports; add `to.operation.ports`';
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1411',
      name: 'authorization-without-rules',
      title: 'A DENY or CUSTOM policy has no rules',
      docs: {
        happens: REFUSED,
        instead: 'The rules; `rules: [{}]` is every request.',
        bad: authorizationPolicy('action: DENY'),
        good: authorizationPolicy('action: DENY\nrules: [{}]'),
      },
    },
    at(AUTHORIZATION_POLICY, 'spec', rulesMissing),
  ),
  refused(
    {
      code: 'MGW1412',
      name: 'authorization-provider',
      title: 'Missing provider of a CUSTOM policy, or a provider with another action',
      docs: {
        happens: REFUSED,
        instead: '`provider.name` beside `action: CUSTOM`, and nowhere else.',
        bad: authorizationPolicy('action: CUSTOM\nrules: [{}]'),
        good: authorizationPolicy('action: CUSTOM\nprovider: {name: login}\nrules: [{}]'),
      },
    },
    at(AUTHORIZATION_POLICY, 'spec', provider),
  ),
  refused(
    {
      code: 'MGW1413',
      name: 'authorization-dry-run',
      title: 'Invalid annotation istio.io/dry-run',
      docs: {
        happens: REFUSED,
        instead: '"true" or "false", on a policy that allows or denies.',
        bad: authorizationPolicy('action: DENY\nrules: [{}]').replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "yes"}',
        ),
        good: authorizationPolicy('action: DENY\nrules: [{}]').replace(
          'namespace: default',
          'namespace: default\n  annotations: {istio.io/dry-run: "true"}',
        ),
      },
    },
    at(AUTHORIZATION_POLICY, 'metadata.annotations."istio.io/dry-run"', dryRun),
  ),
  refused(
    {
      code: 'MGW1414',
      name: 'authorization-custom-identity',
      title: 'A CUSTOM policy depends on the identity of the caller',
      docs: {
        happens: REFUSED,
        instead:
          'Addresses, operations and headers in the CUSTOM policy; identities in an ALLOW or DENY policy beside it.',
        bad: authorizationPolicy(
          'action: CUSTOM\nprovider: {name: login}\nrules:\n- from: [{source: {requestPrincipals: ["*"]}}]',
        ),
        good: authorizationPolicy(
          'action: CUSTOM\nprovider: {name: login}\nrules:\n- to: [{operation: {paths: [/admin*]}}]',
        ),
      },
    },
    at(AUTHORIZATION_POLICY, `${RULE}.from[].source`, (value, { spec }) =>
      action(spec) === 'CUSTOM'
        ? filled(object(value), BY_IDENTITY).map((field) => ({ message: unsupported(field), path: [field] }))
        : undefined,
    ),
    at(AUTHORIZATION_POLICY, `${RULE}.when[].key`, (value, { spec }) =>
      action(spec) === 'CUSTOM' && (IDENTITY_KEYS.has(text(value)) || text(value).startsWith('request.auth.'))
        ? unsupported(text(value))
        : undefined,
    ),
  ),
  refused(
    {
      code: 'MGW1415',
      name: 'authorization-empty-part',
      title: 'Empty from or to of an AuthorizationPolicy',
      docs: {
        happens: REFUSED,
        instead: 'At least one list with a value in `source` or `operation`; to match everything, no `from` or `to`.',
        bad: authorizationPolicy('rules:\n- from: [{source: {}}]\n  to: [{operation: {methods: [GET]}}]'),
        good: authorizationPolicy('rules:\n- to: [{operation: {methods: [GET]}}]'),
      },
    },
    at(AUTHORIZATION_POLICY, `${RULE}.from[]`, emptyPart('source', SOURCE)),
    at(AUTHORIZATION_POLICY, `${RULE}.to[]`, emptyPart('operation', OPERATION)),
  ),
  warned(
    {
      code: 'MGW1416',
      name: 'authorization-denies-tcp',
      title: 'A DENY rule of HTTP attributes alone denies every TCP connection',
      docs: {
        happens: 'Paths, methods, hosts and tokens do not exist on TCP ports: there the rule matches every connection.',
        instead: '`ports` in each rule that denies by HTTP attributes.',
        bad: authorizationPolicy('action: DENY\nrules:\n- to: [{operation: {paths: [/admin*]}}]'),
        good: authorizationPolicy('action: DENY\nrules:\n- to: [{operation: {paths: [/admin*], ports: ["8080"]}}]'),
      },
    },
    at(AUTHORIZATION_POLICY, RULE, tcpDenied),
  ),
];
