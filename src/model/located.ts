// Origins as places in files: the one form in which results, tables, comparisons and reports name the field behind them.

import type { MatchedOrigin, UnknownInfluence } from './request.js';
import { formatPath, formatResource, type Origin, type Position } from './resource.js';
import type { Influence } from './unknown.js';

/** The file, line and column of a field: `locate` of sources/, or what a page knows without the files. */
export type Locate = (origin: Origin) => Position;

/** Without `locate` the line is that of the document, and there is no column. */
export function locatedOrigin(origin: Origin, locate: Locate): Required<MatchedOrigin>;
export function locatedOrigin(origin: Origin, locate: Locate | undefined): MatchedOrigin;
export function locatedOrigin(origin: Origin, locate: Locate | undefined): MatchedOrigin {
  const at = locate?.(origin);
  return {
    file: at?.file ?? origin.resource.document.file,
    line: at?.line ?? origin.resource.document.startLine,
    ...(at ? { column: at.column } : {}),
    resource: formatResource(origin.resource),
    path: formatPath(origin.path),
  };
}

/** An unknown as results and tables list it. */
export const influenceOf = ({ feature, detail, origin }: Influence, locate: Locate | undefined): UnknownInfluence => ({
  feature,
  message: detail,
  origin: locatedOrigin(origin, locate),
});
