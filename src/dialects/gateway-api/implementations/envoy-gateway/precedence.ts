// The order of routes on a listener (internal/gatewayapi/sort.go, v1.9.1): exact paths, then patterns, then prefixes; of each the longer
// first, then more headers (the method is one), more of them exact, then the same of query parameters.

import type { Precedence, Rank } from '../../features/precedence.js';

const TYPE_ORDER = { exact: 0, regex: 1, prefix: 2, none: 2 } as const;

/** A rule without any match is a prefix of `/`, and that has length 0. */
const NO_MATCH = {
  type: 'prefix',
  length: 0,
  method: false,
  headers: 0,
  query: 0,
  exactHeaders: 0,
  exactQuery: 0,
} as const;

const keysOf = (rank: Rank): readonly number[] => {
  const { type, length, method, headers, query, exactHeaders, exactQuery } = rank ?? NO_MATCH;
  const own = Number(method);
  const size = type === 'prefix' && length <= 1 ? 0 : length;
  return [TYPE_ORDER[type], -size, -(headers + own), -(exactHeaders + own), -query, -exactQuery];
};

export const egPrecedence: Precedence = (a, b) => {
  const [x, y] = [keysOf(a), keysOf(b)];
  for (const [i, key] of x.entries()) if (key !== y[i]) return key - (y[i] ?? 0);
  return 0;
};
