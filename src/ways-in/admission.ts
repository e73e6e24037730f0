// Requests like a witness that policies may let through: what their rules name, and something that they do not name, in
// every dimension that they look at. Only candidates: the simulator has the last word.

import type { AuthorizationCondition, GatewayRequest, HttpPolicies, StringMatcher } from '../model/index.js';
import type { Witness } from '../space/index.js';

/** Most candidates for one route: each costs a decision (some microseconds). */
const MOST = 4000;

/** A change of a request in one dimension. */
type Change = (witness: Witness) => Witness;

/** Fewest changes first. */
export function* similar(witness: Witness, policies: HttpPolicies | undefined): Generator<Witness> {
  const deciding = policies?.authorization.filter((p) => p.action !== 'AUDIT' && !p.dryRun) ?? [];
  const dimensions = changesFor(
    deciding.flatMap((p) => p.rules.flatMap(({ from, to, when }) => [...from.flat(), ...to.flat(), ...when])),
    witness,
  );
  let left = MOST;
  function* choose(base: Witness, first: number, changes: number): Generator<Witness> {
    if (changes === 0) {
      if (left-- > 0) yield base;
      return;
    }
    for (let i = first; i < dimensions.length; i++)
      for (const change of dimensions[i]!) {
        if (left <= 0) return;
        yield* choose(change(base), i + 1, changes - 1);
      }
  }
  for (let changes = 1; changes <= dimensions.length && left > 0; changes++) yield* choose(witness, 0, changes);
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];
/** Documentation addresses (RFC 5737) and a private one: outside of most ranges. */
const ADDRESSES = ['192.0.2.1', '203.0.113.9', '10.0.0.1', '127.0.0.1'];

function changesFor(conditions: readonly AuthorizationCondition[], { request }: Witness): Change[][] {
  const dimensions = new Map<string, Map<string, Change>>();
  const add = (dimension: string, value: string, change: Change) => {
    const known = dimensions.get(dimension) ?? new Map<string, Change>();
    dimensions.set(dimension, known);
    known.set(value, change);
  };
  const own = request.path.split('?')[0] ?? '/';
  const slash = own.endsWith('/') ? '' : '/';
  for (const { test } of conditions)
    switch (test.on) {
      case 'path':
        for (const path of [
          ...examples(test),
          ...examples(test).map((e) => own + slash + e.replace(/^\/+/, '')),
          `${own}${slash}x`,
          `${own}x`,
        ])
          add('path', path, (w) => setPath(w, path));
        break;
      case 'header':
        if (test.name === ':method')
          for (const method of [...examples(test), ...METHODS]) add('method', method, (w) => set(w, { method }));
        else if (test.name === ':authority')
          for (const host of [...examples(test), `x.${request.host}`, `${request.host}:8080`])
            add('host', host, (w) => set(w, { host }));
        else {
          for (const value of [...examples(test), 'x'])
            add(`header ${test.name}`, value, (w) => setHeader(w, test.name, value));
        }
        break;
      case 'claim':
        for (const value of [...examples(test), 'x'])
          add(`claim ${test.claim.join('.')}`, value, (w) => ({ ...w, claims: nested(token(w), test.claim, value) }));
        break;
      case 'request-principal':
        for (const { issuer, subject } of [...(test.values ?? []), ...(test.notValues ?? [])]) {
          const [iss, sub] = [exampleOf(issuer, 'issuer'), exampleOf(subject, 'subject')];
          add('principal', `${iss}/${sub}`, (w) => ({ ...w, claims: { ...w.claims, iss, sub } }));
          add('principal', `${iss}/other`, (w) => ({ ...w, claims: { ...w.claims, iss, sub: 'other' } }));
        }
        break;
      case 'address':
        if (test.address === 'gateway') break;
        for (const range of [...(test.values ?? []), ...(test.notValues ?? []), ...ADDRESSES]) {
          const source = range.split('/')[0]!;
          add('source', source, (w) => set(w, { source }));
        }
        break;
      default:
    }
  return [...dimensions.values()].map((changes) => [...changes.values()]);
}

const set = (witness: Witness, change: Partial<GatewayRequest>): Witness => ({
  ...witness,
  request: { ...witness.request, ...change },
});

const setHeader = (witness: Witness, name: string, value: string): Witness =>
  set(witness, { headers: { ...witness.request.headers, [name]: value } });

function setPath(witness: Witness, path: string): Witness {
  const query = witness.request.path.indexOf('?');
  return set(witness, { path: path + (query < 0 ? '' : witness.request.path.slice(query)) });
}

/** Any token has an issuer and a subject. */
const token = ({ claims }: Witness): Readonly<Record<string, unknown>> => claims ?? { iss: 'issuer', sub: 'subject' };

const examples = (test: {
  readonly values?: readonly StringMatcher[];
  readonly notValues?: readonly StringMatcher[];
}): string[] => [...(test.values ?? []), ...(test.notValues ?? [])].map((m) => exampleOf(m, 'x'));

/** A text that the matcher takes; of a pattern: the filler, which it may not take. */
function exampleOf(matcher: StringMatcher, filler: string): string {
  switch (matcher.kind) {
    case 'any':
    case 'regex':
      return filler;
    case 'prefix':
      return matcher.value + (matcher.value.endsWith('/') ? filler : '');
    case 'suffix':
      return filler + matcher.value;
    default:
      return matcher.value;
  }
}

function nested(
  claims: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: string,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return { ...claims };
  const inner = Object.hasOwn(claims, key) ? claims[key] : undefined;
  const below = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return Object.fromEntries([
    ...Object.entries(claims).filter(([k]) => k !== key),
    [key, rest.length > 0 ? nested(below, rest, value) : value],
  ]);
}
