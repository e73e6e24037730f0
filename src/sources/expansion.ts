// Aliases make a small text a large value: how large, and whether it ends at all.

import type { Diagnostic } from '../diagnostics/index.js';
import type { Json, SourceDocument } from '../model/index.js';
import { finding } from './finding.js';
import { MAX_DEPTH } from './yaml-events.js';

/** Values that a document may expand to. goyaml looks at ratios from here on (sigs.k8s.io/yaml goyaml.v2 decode.go `alias_ratio_range_low`). */
const MAX_EXPANDED = 400_000;

/** What is wrong with a value that was made with aliases; undefined: nothing. */
export function expansionProblem(document: SourceDocument, value: Json): Diagnostic | undefined {
  const excess = expansion(value);
  return excess === undefined
    ? undefined
    : finding('expansion', excess, { file: document.file, line: document.startLine, column: 1 });
}

/** Why a value with aliases is not used, where it is not: shared parts are counted as often as they would be written. */
function expansion(value: Json): string | undefined {
  const sizes = new Map<object, number>();
  const size = (node: Json, depth: number): number => {
    if (node === null || typeof node !== 'object') return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
    // Seen again before it is finished: an alias inside its own anchor.
    sizes.set(node, Number.NaN);
    let sum = 1;
    for (const child of Object.values(node) as Json[]) sum += size(child, depth + 1);
    sizes.set(node, sum);
    return sum;
  };
  const total = size(value, 0);
  if (Number.isNaN(total)) return 'an alias refers to a value that contains it: write the value out';
  if (total > MAX_EXPANDED)
    return `the aliases (\`*name\`) of this document expand to more than ${MAX_EXPANDED.toLocaleString('en-US')} values: write out the values that are needed`;
  return undefined;
}
