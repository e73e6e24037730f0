// Requests like a witness that a policy lets through: what the rules of ALLOW policies ask for, written into the request.
// Only candidates: the simulator has the last word.

import type { AuthorizationCondition, GatewayRequest, HttpPolicies, StringMatcher } from '../model/index.js';
import type { Witness } from '../space/index.js';

/** Most candidates for one route: each costs a simulation. */
const MOST = 32;

export function admittedVariants(witness: Witness, policies: HttpPolicies | undefined): Witness[] {
  const allowing = policies?.authorization.filter((p) => p.action === 'ALLOW' && !p.dryRun) ?? [];
  const variants: Witness[] = [];
  for (const { from, to, when } of allowing.flatMap((p) => p.rules))
    for (const client of from.length > 0 ? from : [[]])
      for (const target of to.length > 0 ? to : [[]]) {
        if (variants.length >= MOST) return variants;
        variants.push([...client, ...target, ...when].reduce(meet, witness));
      }
  return variants;
}

/** Changes the request so that the condition holds, as far as one value is enough. */
function meet(witness: Witness, { test }: AuthorizationCondition): Witness {
  const { request } = witness;
  const changed = (change: Partial<GatewayRequest>): Witness => ({ ...witness, request: { ...request, ...change } });
  switch (test.on) {
    case 'path': {
      const path = firstValue(test.values, 'x');
      const query = request.path.indexOf('?');
      return path === undefined ? witness : changed({ path: path + (query < 0 ? '' : request.path.slice(query)) });
    }
    case 'header': {
      const value = firstValue(test.values, 'x');
      if (value === undefined) return witness;
      if (test.name === ':method') return changed({ method: value });
      if (test.name === ':authority') return changed({ host: value });
      return changed({ headers: { ...request.headers, [test.name]: value } });
    }
    case 'claim': {
      const value = firstValue(test.values, 'x');
      return value === undefined ? witness : { ...witness, claims: nested(witness.claims ?? {}, test.claim, value) };
    }
    case 'request-principal': {
      const principal = test.values?.[0];
      if (!principal) return witness;
      const iss = exampleOf(principal.issuer, 'issuer');
      const sub = exampleOf(principal.subject, 'subject');
      return { ...witness, claims: { ...witness.claims, iss, sub } };
    }
    case 'address': {
      const address = test.values?.[0]?.split('/')[0];
      if (address === undefined || test.address === 'gateway') return witness;
      if (test.address === 'peer') return changed({ source: address });
      return changed({ source: address, headers: { ...request.headers, 'x-forwarded-for': address } });
    }
    default:
      return witness;
  }
}

const firstValue = (values: readonly StringMatcher[] | undefined, filler: string): string | undefined =>
  values?.[0] === undefined ? undefined : exampleOf(values[0], filler);

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
