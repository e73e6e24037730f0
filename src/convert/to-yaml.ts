// Objects as YAML that a person wants to read: fields in the order kubectl prints them, a comment where a rule comes from.

import { type Document, isMap, isSeq, type Node, Document as YamlDocument } from 'yaml';
import { type Origin, own } from '../model/index.js';

export interface Located {
  readonly file: string;
  readonly line: number;
}

/** One YAML document per object. `locate` gives the place that a comment names; `remarks` are comments of their own. */
export function toYaml(
  objects: readonly object[],
  origins: ReadonlyMap<object, Origin>,
  locate: (origin: Origin) => Located,
  remarks: ReadonlyMap<object, string> = new Map(),
): string {
  return objects
    .map((object) => {
      const doc: Document = new YamlDocument(object, { aliasDuplicateObjects: false, version: '1.1' });
      comment(object, doc.contents, origins, locate);
      const remark = remarks.get(object);
      if (remark !== undefined && doc.contents) doc.contents.commentBefore = remark.replace(/^/gm, ' ');
      return doc.toString({ lineWidth: 0, singleQuote: false });
    })
    .join('---\n');
}

function comment(
  value: unknown,
  node: unknown,
  origins: ReadonlyMap<object, Origin>,
  locate: (origin: Origin) => Located,
): void {
  if (!value || typeof value !== 'object') return;
  const origin = origins.get(value);
  if (origin && node) {
    const { file, line } = locate(origin);
    const from = ` ${origin.resource.kind} ${origin.resource.namespace}/${origin.resource.name}, ${file}:${line}`;
    // YAML has no control characters, not in comments either.
    (node as Node).commentBefore = from.replaceAll(/\p{Cc}/gu, ' ');
  }
  if (Array.isArray(value) && isSeq(node))
    for (const [i, v] of value.entries()) comment(v, node.items[i], origins, locate);
  else if (isMap(node))
    for (const pair of node.items)
      comment(own(value as Record<string, unknown>, String(pair.key)), pair.value, origins, locate);
}
