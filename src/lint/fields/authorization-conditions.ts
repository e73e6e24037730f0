// Which attributes the conditions (`when`) of an AuthorizationPolicy can look at: ValidateAttribute and validateMapKey of
// pkg/config/security/security.go (Istio source of 2026-08-22). Their values: authorization-values/.

import { nearestName } from '../../diagnostics/index.js';
import { type Json, table } from '../../model/index.js';
import { authorizationPolicy } from '../examples.js';
import type { Problem, Rule } from '../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from './field-rule.js';
import { given, list, object, text } from './values.js';

const REFUSED = "Istio's webhook refuses the policy: nothing of it applies.";
const when = (condition: string): string => authorizationPolicy(`rules:\n- when: [{${condition}}]`);

const PLAIN = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
];
/** Beginning of the key → what a whole one looks like. */
const IN_BRACKETS = table<string>({
  'request.headers': 'request.headers[x-user]',
  'request.auth.claims': 'request.auth.claims[group]',
  'experimental.envoy.filters.': 'experimental.envoy.filters.network.mysql_proxy[db.table]',
});
const GONE = table<string>({
  'destination.namespace': 'a policy applies to its own namespace: put it into the one that is meant',
  'destination.name': 'use the selector of the policy',
  'destination.user': 'use the selector of the policy',
});

/** `a[b]`, with something in the brackets. */
function hasBrackets(key: string): boolean {
  const open = key.indexOf('[');
  return key.endsWith(']') && open > 0 && open < key.length - 2;
}

/** What begins alike. */
function alternatives(key: string): string {
  if (/path|method|host|url/i.test(key)) return 'paths, methods and hosts are fields of `to.operation`';
  const family = `${key.split('.')[0]}.`;
  const known = [...PLAIN, ...IN_BRACKETS.values()].filter((name) => name.startsWith(family));
  return known.length
    ? `known here: ${known.join(', ')}`
    : 'attributes begin with source, remote, request, destination or connection';
}

function attribute(key: string): string | undefined {
  if (PLAIN.includes(key)) return undefined;
  const beginning = [...IN_BRACKETS.keys()].find((start) => key.startsWith(start));
  if (beginning)
    return hasBrackets(key)
      ? undefined
      : `the name in "${key}" goes in brackets, as in "${IN_BRACKETS.get(beginning) ?? ''}"`;
  if (key.startsWith('destination.labels')) return `"${key}" is not an attribute: use the selector of the policy`;
  const gone = GONE.get(key);
  if (gone) return `"${key}" is not an attribute (any more): ${gone}`;
  const nearest = nearestName(key.replace(/\[.*/, ''), [...PLAIN, 'request.headers', 'request.auth.claims']);
  const meant = nearest && (IN_BRACKETS.get(nearest) ?? nearest);
  return `unknown attribute "${key}";  ${meant ? `did you mean "${meant}"?` : alternatives(key)}`;
}

function condition(value: Json): Problem {
  const { key, values, notValues } = object(value);
  const name = text(key);
  // Without any key the CRD speaks first.
  if (name === '') return given(key) ? { message: 'the key of the condition is empty', path: ['key'] } : undefined;
  if (list(values).length + list(notValues).length === 0)
    return `the condition on "${name}" has neither \`values\` nor \`notValues\``;
  const message = attribute(name);
  return message ? { message, path: ['key'] } : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1426',
      name: 'authorization-condition',
      title: 'A condition of an AuthorizationPolicy has an unknown key or no values',
      docs: () => ({
        happens: REFUSED,
        instead: `One of ${PLAIN.join(', ')}, request.headers[name], request.auth.claims[name]; and values.`,
        bad: when('key: request.headers.x-user, values: [admin]'),
        good: when('key: "request.headers[x-user]", values: [admin]'),
      }),
    },
    at(AUTHORIZATION_POLICY, 'spec.rules[].when[]', condition),
  ),
];
