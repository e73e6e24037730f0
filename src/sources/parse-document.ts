// One document to plain data, fast: no positions are kept (docs/decisions/0001). JSON is read as the flow style of
// YAML that it is, so that a duplicate key is found there too.

import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Diagnostic } from '../diagnostics/index.js';
import type { Json, SourceDocument } from '../model/index.js';
import { explainSyntax } from './explain-syntax.js';
import { finding } from './finding.js';
import { KUBERNETES_SCHEMA } from './yaml11.js';

/** No Kubernetes object comes near (the API server itself stops at 10,000). */
const MAX_DEPTH = 100;
/** Values that aliases may expand to. goyaml allows 100,000 before it looks at ratios (sigs.k8s.io/yaml goyaml.v2 decode.go `alias_ratio_range_low` 400,000). */
const MAX_EXPANDED = 400_000;

export type Parsed = { readonly value: Json } | { readonly problem: Diagnostic };

/** JSON may be indented by tabs, YAML may not; of the same length, so that positions hold. */
export const readable = (text: string): string =>
  text.includes('\t') && /^\s*[{[]/.test(text) ? text.replaceAll('\t', ' ') : text;

/** Parser events of a document; throws what js-yaml throws. */
export const eventsOf = (text: string): Event[] => parseEvents(text, { maxDepth: MAX_DEPTH });

export function parseDocument(document: SourceDocument): Parsed {
  const text = readable(document.text);
  try {
    const events = eventsOf(text);
    const [value] = constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA }) as Json[];
    if (!events.some((event) => event.type === EVENT_ID.ALIAS)) return { value: value ?? null };
    const excess = expansion(value ?? null);
    if (!excess) return { value: value ?? null };
    return { problem: finding('expansion', excess, { file: document.file, line: document.startLine, column: 1 }) };
  } catch (error) {
    if (error instanceof YAMLException) return { problem: explainSyntax(document, text, error) };
    throw error;
  }
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
    return `the aliases (\`*name\`) of this document expand to more than ${MAX_EXPANDED.toLocaleString('en-US')} values: write out what is really needed`;
  return undefined;
}
