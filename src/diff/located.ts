// Origins as places in files.

import { formatPath, formatResource, type MatchedOrigin, type Origin, type Position } from '../model/index.js';

export type Locate = (origin: Origin) => Position;

/** Without `locate` the line is that of the document. */
export function placeOf(origin: Origin, locate: Locate | undefined): MatchedOrigin {
  const at = locate?.(origin);
  return {
    file: at?.file ?? origin.resource.document.file,
    line: at?.line ?? origin.resource.document.startLine,
    ...(at ? { column: at.column } : {}),
    resource: formatResource(origin.resource),
    path: formatPath(origin.path),
  };
}
