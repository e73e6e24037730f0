// An origin with its place, as results and traces name the rule that decided.

import type { MatchedOrigin, Origin, Position } from '../model/index.js';
import { formatPath, formatResource } from '../model/index.js';

export function matchedOrigin(origin: Origin, locate: (origin: Origin) => Position): MatchedOrigin {
  const { file, line, column } = locate(origin);
  return { file, line, column, resource: formatResource(origin.resource), path: formatPath(origin.path) };
}
