// CORS of a route: each property from the most specific level that has it (source/extensions/filters/http/cors/cors_filter.cc), also from
// the older fields of routes and virtual hosts.

import type { CorsPolicy, StringMatcher } from '../../../model/index.js';
import { stringMatcher } from './match-text.js';
import { field, list, type Node, originAt } from './node.js';
import { flag, fractionOf, text, texts } from './values.js';

/** `policies`: the most specific first. Undefined: the filter lets requests pass. */
export function corsOf(policies: readonly Node[]): CorsPolicy | undefined {
  const [first] = policies;
  if (!first || !isEnabled(first)) return undefined;
  const allowOrigins = policies.map(originsIn).find((origins) => origins.length > 0) ?? [];
  const textIn = (name: string) => policies.map((p) => text(p, name)).find((value) => value);
  const flagIn = (name: string) => policies.map((p) => flag(p, name)).find((value) => value !== undefined);
  const [allowMethods, allowHeaders] = [textIn('allow_methods'), textIn('allow_headers')];
  const [exposeHeaders, maxAge] = [textIn('expose_headers'), textIn('max_age')];
  const allowCredentials = flagIn('allow_credentials');
  const forwards = flagIn('forward_not_matching_preflights') ?? true;
  return {
    allowOrigins,
    ...(allowMethods ? { allowMethods } : {}),
    ...(allowHeaders ? { allowHeaders } : {}),
    ...(exposeHeaders ? { exposeHeaders } : {}),
    ...(maxAge ? { maxAge } : {}),
    ...(allowCredentials === undefined ? {} : { allowCredentials }),
    unmatchedPreflights: forwards ? 'forward' : 'ignore',
    origin: originAt(first),
  };
}

const isEnabled = (policy: Node): boolean =>
  flag(policy, 'enabled') !== false && fractionOf(field(policy, 'filter_enabled'), 100) > 0;

/** Pieces of a policy that the model does not have, in words. */
export const unreadOfCors = (policies: readonly Node[]): string[] =>
  policies.flatMap((policy) => {
    const percent = fractionOf(field(policy, 'filter_enabled'), 100);
    return percent > 0 && percent < 100 ? [`CORS for ${percent} % of the requests`] : [];
  });

/** The text `*` stands for every origin (cors_filter.cc, isOriginAllowed). */
const anyOrigin = (matcher: StringMatcher | undefined): StringMatcher | undefined =>
  matcher?.kind === 'exact' && matcher.value === '*' ? { kind: 'any' } : matcher;

const originsIn = (policy: Node): StringMatcher[] => [
  ...list(policy, 'allow_origin_string_match').flatMap((m) => anyOrigin(stringMatcher(m)) ?? []),
  ...texts(policy, 'allow_origin').map(
    (value): StringMatcher => (value === '*' ? { kind: 'any' } : { kind: 'exact', value }),
  ),
  ...texts(policy, 'allow_origin_regex').map((pattern): StringMatcher => ({ kind: 'regex', pattern })),
];
