// The dialect of the Gateway API.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { feeds } from './feeds.js';
import { reader } from './reader.js';
import { write } from './write.js';

export { SPEC_DIFFERENCES, type SpecDifference } from './features/semantics.js';

export { type FoundDifference, specDifferences } from './spec-differences.js';

export const dialect: Dialect = {
  ...reader,
  write,
  accounts,
  // A rule without backends: the only answer that a gateway gives by itself (HTTPRouteRule.backendRefs).
  closed: () => ({ kind: 'direct-response', status: 500 }),
  feeds,
};
