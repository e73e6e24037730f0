// Conditions of an AuthorizationPolicy: fields of `source` and `operation` and the keys of `when`.
// pilot/pkg/security/authz/model/{model,generator}.go, Istio source of 2026-08-22. A value that cannot be used spoils the
// rule of an ALLOW policy and is passed over in other policies (checkError), so that in doubt less is accepted.

import {
  type AuthorizationCondition,
  type AuthorizationTest,
  type JsonObject,
  type Origin,
  own,
  table,
} from '../../model/index.js';
import { at, stringOf, stringsOf } from '../../resources/fields.js';
import {
  headerValue,
  namesInBrackets,
  namespaceMatcher,
  pathMatcher,
  requestPrincipal,
  SPIFFE,
  serviceAccountMatcher,
  textMatcher,
  trustDomainMatcher,
} from './policy-values.js';

export interface PolicyScope {
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT';
  /** Of the policy: service accounts without a namespace are in it. */
  readonly namespace: string;
  /** Bytes are forwarded: nothing of HTTP can be tested. */
  readonly forTcp: boolean;
}

/** An error in a value, or a key that bytes do not have. */
class Unusable extends Error {}

/** A value that cannot be read: the rule is left out (ALLOW), or the condition (other actions). */
export class SpoiltRule extends Error {}

type Values = readonly string[];

/** A list of values, each made a matcher; those that are spoilt are left out. */
function each<T>(values: Values, make: (value: string) => T, scope: PolicyScope): readonly T[] {
  return values.flatMap((value) => {
    try {
      return [make(value)];
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      if (scope.action === 'ALLOW') throw new SpoiltRule();
      return [];
    }
  });
}

function oneOf<T>(values: Values, notValues: Values, scope: PolicyScope, make: (value: string) => T) {
  const [some, none] = [each(values, make, scope), each(notValues, make, scope)];
  return { ...(some.length > 0 ? { values: some } : {}), ...(none.length > 0 ? { notValues: none } : {}) };
}

const address = (value: string): string => {
  const [ip = '', length, more] = value.split('/');
  const bits = /^(\d{1,3}\.){3}\d{1,3}$/.test(ip) ? 32 : /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(ip) ? 128 : -1;
  const valid = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  if (bits < 0 || !valid || more !== undefined) throw new Unusable();
  return value;
};

const port = (value: string): number => {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 65_535) throw new Unusable();
  return Number(value);
};

const HTTP_ONLY = /^(paths|methods|hosts|request\.)/;

/** The test that a key stands for; undefined: Istio does not know the key (authzmodel.New refuses the rule). */
function testOf(key: string, values: Values, notValues: Values, scope: PolicyScope): AuthorizationTest | undefined {
  const of = <T>(make: (value: string) => T) =>
    oneOf(values, notValues, scope, (value) => {
      if (scope.forTcp && HTTP_ONLY.test(key)) throw new Unusable();
      return make(value);
    });
  const named = (prefix: string): string[] | undefined => namesInBrackets(key.slice(prefix.length));
  switch (key) {
    case 'paths':
      return { on: 'path', ...of(pathMatcher) };
    case 'methods':
      return { on: 'header', name: ':method', ...of((v) => headerValue(v)) };
    case 'hosts':
      return { on: 'header', name: ':authority', ...of((v) => headerValue(v, true)) };
    case 'destination.ip':
      return { on: 'address', address: 'gateway', ...of(address) };
    case 'destination.port':
      return { on: 'port', ...of(port) };
    case 'connection.sni':
      return { on: 'sni', ...of((v) => textMatcher(v)) };
    case 'source.ip':
      return { on: 'address', address: 'peer', ...of(address) };
    case 'remote.ip':
      return { on: 'address', address: 'client', ...of(address) };
    case 'source.namespace':
      return { on: 'peer-identity', ...of(namespaceMatcher) };
    case 'source.trustDomain':
      return { on: 'peer-identity', ...of(trustDomainMatcher) };
    case 'source.serviceAccount':
      return { on: 'peer-identity', ...of((v) => serviceAccountMatcher(v, scope.namespace)) };
    case 'source.principal':
      return { on: 'peer-identity', ...of((v) => textMatcher(v, SPIFFE)) };
    case 'request.auth.principal':
      return { on: 'request-principal', ...of(requestPrincipal) };
    case 'request.auth.audiences':
      return { on: 'claim', claim: ['aud'], ...of((v) => textMatcher(v)) };
    case 'request.auth.presenter':
      return { on: 'claim', claim: ['azp'], ...of((v) => textMatcher(v)) };
  }
  if (key.startsWith('request.headers')) {
    const rest = key.slice('request.headers'.length);
    const inBrackets = rest.startsWith('[') && rest.endsWith(']');
    const matchers = of((v) => {
      if (!inBrackets) throw new Unusable();
      return headerValue(v);
    });
    return { on: 'header', name: rest.slice(1, -1).toLowerCase(), ...matchers };
  }
  if (key.startsWith('request.auth.claims')) {
    const claim = named('request.auth.claims');
    const matchers = of((v) => {
      if (!claim) throw new Unusable();
      return textMatcher(v);
    });
    return { on: 'claim', claim: claim ?? [], ...matchers };
  }
  if (key.startsWith('experimental.envoy.filters.')) return { on: 'unknown', ...of((v) => v) };
  return undefined;
}

/** What a field of a rule, or an entry of `when`, tests. */
interface Tested {
  readonly key: string;
  /** As the policy has it. */
  readonly name: string;
  readonly values: Values;
  readonly notValues: Values;
}

/** Throws SpoiltRule; no condition where nothing is tested. */
function conditions(
  { key, name, values, notValues }: Tested,
  scope: PolicyScope,
  origin: Origin,
): AuthorizationCondition[] {
  if (values.length === 0 && notValues.length === 0) return [];
  const test = testOf(key, values, notValues, scope);
  if (!test) throw new SpoiltRule();
  return test.values || test.notValues ? [{ key: name, test, origin }] : [];
}

/** Fields of `source` and of `operation`, by the key of `when` that tests the same. */
const FIELDS = table<string>({
  principals: 'source.principal',
  requestPrincipals: 'request.auth.principal',
  serviceAccounts: 'source.serviceAccount',
  trustDomains: 'source.trustDomain',
  namespaces: 'source.namespace',
  remoteIpBlocks: 'remote.ip',
  ipBlocks: 'source.ip',
  hosts: 'hosts',
  methods: 'methods',
  paths: 'paths',
  ports: 'destination.port',
});

const SOURCE = ['principals', 'requestPrincipals', 'serviceAccounts', 'trustDomains', 'namespaces', 'remoteIpBlocks', 'ipBlocks']; // biome-ignore format: one list
const OPERATION = ['hosts', 'methods', 'paths', 'ports'];

const negated = (field: string): string => `not${field[0]!.toUpperCase()}${field.slice(1)}`;

const fieldConditions = (fields: readonly string[]) => (spec: JsonObject, scope: PolicyScope, origin: Origin) =>
  fields.flatMap((name) => {
    const [values, notValues] = [stringsOf(own(spec, name)), stringsOf(own(spec, negated(name)))];
    const place = at(origin, own(spec, name) === undefined ? negated(name) : name);
    return conditions({ key: FIELDS.get(name)!, name, values, notValues }, scope, place);
  });

/** Throws SpoiltRule. */
export const sourceConditions = fieldConditions(SOURCE);
/** Throws SpoiltRule. */
export const operationConditions = fieldConditions(OPERATION);

/** Throws SpoiltRule. */
export function whenConditions(when: JsonObject, scope: PolicyScope, origin: Origin): AuthorizationCondition[] {
  const key = stringOf(when.key) ?? '';
  const [values, notValues] = [stringsOf(when.values), stringsOf(when.notValues)];
  // The names of `source` and `operation` fields are no keys.
  if (OPERATION.includes(key) || testOf(key, [], [], { ...scope, action: 'DENY' }) === undefined)
    throw new SpoiltRule();
  return conditions({ key, name: key, values, notValues }, scope, origin);
}
