// What a prefix and the text in its place make of a path: Envoy puts one for the other, with no slash added or taken
// (RouteEntryImplBase::finalizePathHeader, Envoy 1.40; fixtures/truth/istio/field, slashes after rewrites).

import { type Json, type JsonObject, originOf } from '../../model/index.js';
import { listOf, objectOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { httpRule } from '../examples.js';
import { impossible } from '../fields/path-text/shared.js';
import type { Rule } from '../rule.js';
import { virtualServices } from '../virtual-service-parts.js';

const rewritten = (prefix: string, to: string) =>
  httpRule(`match:\n- uri: {prefix: ${prefix}}\nrewrite: {uri: ${to}}\nroute:\n- destination: {host: shop}`);

/** A path below the prefix and what becomes of it, where the seam is not one slash. */
function seam(prefix: string, to: string): readonly [before: string, after: string] | undefined {
  const [cut, put] = [prefix.endsWith('/'), to.endsWith('/')];
  if (cut === put) return undefined;
  const before = cut ? `${prefix}x` : `${prefix}/x`;
  return [before, to + before.slice(prefix.length)];
}

const prefixOf = (match: Json): string | undefined => stringOf(objectOf(objectOf(match)?.uri)?.prefix);

/** The first prefix of a rule whose rewrite joins badly, with an example and what becomes of it. `before`: prefixes of earlier matches, which grow. */
function seamOf(rule: JsonObject, before: Set<string>): readonly [string, string, string] | undefined {
  const rewrite = objectOf(rule.rewrite);
  const to = rewrite?.uriRegexRewrite ? undefined : stringOf(rewrite?.uri);
  let found: readonly [string, string, string] | undefined;
  for (const match of listOf(rule.match)) {
    const prefix = prefixOf(match);
    // What is the beginning of no path (MGW0165) is replaced in none.
    if (!prefix || impossible(prefix) !== undefined) continue;
    const joined = to ? seam(prefix, to) : undefined;
    if (joined && !before.has(`${prefix}/`)) found ??= [prefix, ...joined];
    if (Object.keys(objectOf(match) ?? {}).length === 1) before.add(prefix);
  }
  return found;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0456',
    name: 'rewrite-slash',
    severity: 'warning',
    category: 'reachability',
    title: 'A prefix and its rewrite do not both end with a slash',
    docs: () => ({
      happens:
        'The prefix is replaced as text: /shop rewritten to / turns /shop/cart into //cart, and /shop/ rewritten to /v1 turns it into /v1cart. Most destinations answer 404.',
      instead: '`prefix: /shop/` with `uri: /`, and a match `exact: /shop` in front of it.',
      bad: rewritten('/shop', '/'),
      good: rewritten('/shop/', '/'),
    }),
    check: ({ catalog }, report) => {
      for (const resource of virtualServices(catalog)) {
        // Prefixes of earlier matches: `/shop/` in front takes what is below /shop.
        const before = new Set<string>();
        for (const [i, rule] of objectsOf(specOf(resource).http).entries()) {
          const found = seamOf(rule, before);
          if (found)
            report({
              message: `below ${found[0]} the destination gets ${found[2]} for ${found[1]}: end both prefix and rewrite with a slash, or neither`,
              at: originOf(resource, 'spec', 'http', i, 'rewrite', 'uri'),
            });
        }
      }
    },
  },
];
