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
export const toYaml = (
  objects: readonly object[],
  origins: ReadonlyMap<object, Origin>,
  locate: (origin: Origin) => Located,
  remarks: ReadonlyMap<object, string> = new Map(),
): string => objects.map((object) => objectText(object, { origins, locate, remarks })).join(BETWEEN);

/** What stands between two documents of a text. */
export const BETWEEN = '---\n';

export function objectText(object: object, comments: Comments): string {
  const doc: Document = new YamlDocument(object, { aliasDuplicateObjects: false, version: '1.1' });
  comment(object, doc.contents, comments);
  return yamlText(doc);
}

export interface Comments {
  readonly origins: ReadonlyMap<object, Origin>;
  readonly remarks: ReadonlyMap<object, string>;
  readonly locate: (origin: Origin) => Located;
}

/** Where the value comes from, then what there is to say of it. */
function comment(value: unknown, node: unknown, comments: Comments, before?: unknown): void {
  if (!value || typeof value !== 'object') return;
  const lines = [...fromText(value, comments, before), ...(comments.remarks.get(value)?.split('\n') ?? [])];
  // Characters that end a line for some readers of YAML would end the comment.
  if (lines.length > 0 && node) (node as Node).commentBefore = lines.map((line) => ` ${oneLine(line)}`).join('\n');
  if (Array.isArray(value) && isSeq(node))
    for (const [i, v] of value.entries()) comment(v, node.items[i], comments, value[i - 1]);
  else if (isMap(node))
    for (const pair of node.items)
      comment(own(value as Record<string, unknown>, String(pair.key)), pair.value, comments);
}

/** Named once for neighbours that come from one place. */
function fromText(value: object, { origins, locate }: Omit<Comments, 'remarks'>, before: unknown): string[] {
  const text = (of: object): string | undefined => {
    const origin = origins.get(of);
    if (!origin) return undefined;
    const { file, line } = locate(origin);
    const { kind, namespace, name } = origin.resource;
    return `${kind} ${namespace}/${name}, ${file}:${line}`;
  };
  const own = text(value);
  const isRepeated = before !== null && typeof before === 'object' && text(before) === own;
  return own === undefined || isRepeated ? [] : [own];
}
