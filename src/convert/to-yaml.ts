// Objects as YAML that a person wants to read: fields in the order kubectl prints them, a comment where a rule comes from.

import { type Document, isMap, isSeq, type Node, Document as YamlDocument } from 'yaml';
import { oneLine } from '../diagnostics/index.js';
import { type Origin, own } from '../model/index.js';
import { yamlText } from './yaml-text.js';

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
      if (remark !== undefined && doc.contents)
        doc.contents.commentBefore = remark
          .split('\n')
          .map((line) => ` ${oneLine(line)}`)
          .join('\n');
      return yamlText(doc);
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
    // Characters that end a line for some readers of YAML would end the comment.
    (node as Node).commentBefore = oneLine(from);
  }
  if (Array.isArray(value) && isSeq(node))
    for (const [i, v] of value.entries()) comment(v, node.items[i], origins, locate);
  else if (isMap(node))
    for (const pair of node.items)
      comment(own(value as Record<string, unknown>, String(pair.key)), pair.value, origins, locate);
}
