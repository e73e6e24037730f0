// Conditions of an authorization as fields of Istio's `source` and `operation` and entries of `when`: what ../policy-conditions.ts reads, the
// other way round. A value for which Istio has no word gives nothing; whoever writes the policy reads it back and compares
// (written-policies.ts), so that a near miss is not written either.

import type {
  AuthorizationCondition,
  AuthorizationRule,
  RequestPrincipal,
  StringMatcher,
} from '../../../model/index.js';
import { SPIFFE } from '../policy-values.js';

type Fields = Readonly<Record<string, readonly string[]>>;

/** A rule as Istio has it. */
export interface RuleFields {
  readonly from?: readonly { readonly source: Fields }[];
  readonly to?: readonly { readonly operation: Fields }[];
  readonly when?: readonly ({ readonly key: string } & Fields)[];
}

/** Where a condition can stand, and its values there. */
interface Place {
  readonly group?: 'source' | 'operation';
  readonly field?: string;
  /** The key of `when` that tests the same; absent: none does. */
  readonly key?: string;
  readonly texts: readonly string[];
  readonly negated: boolean;
}

const MOST_RULES = 64;

/** Undefined: Istio has no words for it, or would need too many rules. */
export function ruleFields({ from, to, when }: AuthorizationRule): RuleFields[] | undefined {
  const [sources, operations, always] = [from, to, [when]].map(placesOf);
  if (!sources || !operations || !always) return undefined;
  const [left, right] = [split(sources, 'source'), split(operations, 'operation')];
  if (left && right) {
    const rule = joined(left.entries, right.entries, [...left.rest, ...right.rest, ...always.flat()]);
    return rule && [rule];
  }
  // Alternatives with conditions of `when` are rules of their own.
  if (sources.length * operations.length > MOST_RULES) return undefined;
  const pairs = orOne(sources).flatMap((a) => orOne(operations).map((b) => [...a, ...b, ...always.flat()]));
  const rules = pairs.map((all) => {
    const [source, operation] = [split([all], 'source'), split([all], 'operation')];
    if (!source || !operation) return undefined;
    const rest = source.rest.filter((place) => operation.rest.includes(place));
    return joined(source.entries, operation.entries, rest);
  });
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

const orOne = (alternatives: readonly (readonly Place[])[]): readonly (readonly Place[])[] =>
  alternatives.length === 0 ? [[]] : alternatives;

function placesOf(alternatives: readonly (readonly AuthorizationCondition[])[]): Place[][] | undefined {
  const found = alternatives.map((conditions) => conditions.flatMap((c) => placesOfCondition(c)));
  return found.flat().includes(undefined) ? undefined : (found as Place[][]);
}

interface Split {
  readonly entries: readonly Fields[];
  /** What all alternatives ask besides. */
  readonly rest: readonly Place[];
}

/** Fields of the group, and what stands beside them; undefined where that differs from one alternative to the next. */
function split(alternatives: readonly (readonly Place[])[], group: Place['group']): Split | undefined {
  const parts = alternatives.map((places) => {
    const fields = new Map<string, readonly string[]>();
    const rest: Place[] = [];
    for (const place of places) {
      const name = place.field && (place.negated ? negated(place.field) : place.field);
      if (place.group === group && name && !fields.has(name)) fields.set(name, place.texts);
      else rest.push(place);
    }
    return { fields: Object.fromEntries(fields), rest };
  });
  const [first] = parts;
  const same = parts.every(({ rest }) => JSON.stringify(rest) === JSON.stringify(first?.rest));
  if (!same) return undefined;
  const entries = parts.map(({ fields }) => fields);
  return { entries: entries.some((e) => Object.keys(e).length === 0) ? [] : entries, rest: first?.rest ?? [] };
}

function joined(
  sources: readonly Fields[],
  operations: readonly Fields[],
  rest: readonly Place[],
): RuleFields | undefined {
  const when = rest.map(({ key, texts, negated: not }) =>
    key === undefined
      ? undefined
      : ({ key, [not ? 'notValues' : 'values']: texts } as { readonly key: string } & Fields),
  );
  if (!when.every((entry) => entry !== undefined)) return undefined;
  return {
    ...(sources.length > 0 ? { from: sources.map((source) => ({ source })) } : {}),
    ...(operations.length > 0 ? { to: operations.map((operation) => ({ operation })) } : {}),
    ...(when.length > 0 ? { when } : {}),
  };
}

const negated = (field: string): string => `not${field[0]!.toUpperCase()}${field.slice(1)}`;

/** One for the values, one for those that are excluded; undefined: no words. */
function placesOfCondition({ test }: AuthorizationCondition): (Place | undefined)[] {
  return [
    ...(test.values ? [placeOf(test, test.values, false)] : []),
    ...(test.notValues ? [placeOf(test, test.notValues, true)] : []),
  ];
}

function placeOf(test: AuthorizationCondition['test'], values: readonly unknown[], not: boolean): Place | undefined {
  const place = (where: Omit<Place, 'texts' | 'negated'>, texts: readonly (string | undefined)[]): Place | undefined =>
    texts.length > 0 && texts.every((t) => t !== undefined) ? { ...where, texts, negated: not } : undefined;
  const matchers = values as readonly StringMatcher[];
  switch (test.on) {
    case 'path':
      return place({ group: 'operation', field: 'paths' }, matchers.map(pathText));
    case 'header':
      return place(headerPlace(test.name), matchers.map(valueText));
    case 'sni':
      return place({ key: 'connection.sni' }, matchers.map(valueText));
    case 'claim':
      return place(
        { key: `request.auth.claims${test.claim.map((name) => `[${name}]`).join('')}` },
        matchers.map(valueText),
      );
    case 'request-principal':
      return place(
        { group: 'source', field: 'requestPrincipals', key: 'request.auth.principal' },
        (values as readonly RequestPrincipal[]).map(principalText),
      );
    case 'address':
      return place(ADDRESSES[test.address], values as readonly string[]);
    case 'port':
      return place({ group: 'operation', field: 'ports', key: 'destination.port' }, values.map(String));
    case 'peer-identity':
      return identityPlace(matchers, place);
    case 'unknown':
      return undefined;
  }
}

const ADDRESSES = {
  peer: { group: 'source', field: 'ipBlocks', key: 'source.ip' },
  client: { group: 'source', field: 'remoteIpBlocks', key: 'remote.ip' },
  gateway: { key: 'destination.ip' },
} as const;

function headerPlace(name: string): Omit<Place, 'texts' | 'negated'> {
  if (name === ':method') return { group: 'operation', field: 'methods' };
  if (name === ':authority') return { group: 'operation', field: 'hosts' };
  return { key: `request.headers[${name}]` };
}

/** `*` at one end is a wildcard, alone it is anything. */
function valueText(matcher: StringMatcher): string | undefined {
  switch (matcher.kind) {
    case 'exact':
      return matcher.value;
    case 'prefix':
      return `${matcher.value}*`;
    case 'suffix':
      return `*${matcher.value}`;
    case 'any':
      return '*';
    case 'regex':
      return matcher.pattern === '.+' ? '*' : undefined;
    default:
      return undefined;
  }
}

/** What ../policy-values.ts makes of `{**}` and `{*}`. */
const SEGMENTS = /\[a-zA-Z0-9[^\]]*\/\]\*/g;
const SEGMENT = /\[a-zA-Z0-9[^\]/]*\]\+/g;

function pathText(matcher: StringMatcher): string | undefined {
  if (matcher.kind !== 'regex' || matcher.pattern === '.+') return valueText(matcher);
  return unquoted(matcher.pattern.replace(SEGMENTS, '{**}').replace(SEGMENT, '{*}'));
}

const unquoted = (pattern: string): string => pattern.replace(/\\([\\.+*?()|[\]{}^$])/g, '$1');

function principalText({ issuer, subject }: RequestPrincipal): string | undefined {
  const [iss, sub] = [valueText(issuer), valueText(subject)];
  if (iss === undefined || sub === undefined) return undefined;
  if (iss === '*' && sub === '*') return '*';
  if (issuer.kind === 'prefix' && sub === '*') return iss;
  if (iss === '*' && subject.kind === 'suffix') return sub;
  return `${iss}/${sub}`;
}

const NAMESPACE = /^\.\*\/ns\/(.*)\/\.\*$/;
const ACCOUNT = /^spiffe:\/\/\.\+\/ns\/(.*)\/\(\.\+\/\|\)sa\/(.*)\(\/\.\+\)\?$/;

type MakePlace = (where: Omit<Place, 'texts' | 'negated'>, texts: readonly (string | undefined)[]) => Place | undefined;

/** Who the client is by its certificate: names of accounts, namespaces, or whole identities, one kind in a list. */
function identityPlace(matchers: readonly StringMatcher[], place: MakePlace): Place | undefined {
  const patterns = matchers.map((m) => (m.kind === 'regex' ? m.pattern : ''));
  const all = (expression: RegExp) => patterns.every((pattern) => expression.test(pattern));
  if (all(ACCOUNT))
    return place(
      { group: 'source', field: 'serviceAccounts', key: 'source.serviceAccount' },
      patterns.map((p) => unquoted(p.replace(ACCOUNT, '$1/$2'))),
    );
  if (all(NAMESPACE))
    return place(
      { group: 'source', field: 'namespaces', key: 'source.namespace' },
      patterns.map((p) => unquoted(p.replace(NAMESPACE, '$1').replaceAll('.*', '*'))),
    );
  return place({ group: 'source', field: 'principals', key: 'source.principal' }, matchers.map(identityText));
}

function identityText(matcher: StringMatcher): string | undefined {
  const text =
    matcher.kind === 'regex' && matcher.pattern.startsWith(`${SPIFFE}.*`)
      ? `${SPIFFE}*${unquoted(matcher.pattern.slice(SPIFFE.length + 2))}`
      : valueText(matcher);
  if (text === '*') return text;
  return text?.startsWith(SPIFFE) ? text.slice(SPIFFE.length) : undefined;
}
