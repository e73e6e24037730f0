// Objects inside of objects: a part of one, or YAML in one of its texts (a ConfigMap's `data.mesh`).

import type { Diagnostic } from '../diagnostics/index.js';
import { type FieldPath, isObject, type JsonObject, type Resource, valueAt } from '../model/index.js';
import { finding } from './finding.js';
import { lineText, locate, locateKey } from './locate.js';
import { parseDocuments } from './parse-documents.js';

/** `resource`: what is read at `path`; absent: it is no mapping, or `problem` says why it cannot be read. */
export interface Embedded {
  readonly resource?: Resource;
  readonly problem?: Diagnostic;
}

/** What the part is read as. */
export type EmbeddedName = Pick<Resource, 'apiVersion' | 'kind' | 'name'>;

/**
 * The part of `holder` at `path` as an object of its own, with the holder's namespace, labels and place among all objects. Positions are
 * those of the file where the text is a literal block; of another text, that of the field.
 */
export function embeddedObject(holder: Resource, path: FieldPath, as: EmbeddedName): Embedded {
  const value = valueAt(holder.object, path);
  const base = [...holder.base, ...path];
  if (typeof value !== 'string') return isObject(value) ? { resource: objectOf(holder, as, value, { base }) } : {};
  const literal = literalBlock(holder, path);
  const document = literal ?? { file: holder.document.file, startLine: 1, text: value };
  const [parsed] = parseDocuments([document]);
  if (!parsed || 'problem' in parsed) {
    const problem =
      parsed && (literal ? parsed.problem : { ...parsed.problem, place: locate({ resource: holder, path }) });
    return problem ? { problem } : {};
  }
  // An empty text is a mapping without entries.
  const object = parsed.value === null ? {} : parsed.value;
  if (!isObject(object))
    return { problem: finding('wrongType', 'this text must be a YAML mapping', { resource: holder, path }) };
  return { resource: objectOf(holder, as, object, literal ? { document: literal, base: [] } : { base }) };
}

function objectOf(
  holder: Resource,
  { apiVersion, kind, name }: EmbeddedName,
  object: JsonObject,
  where: Pick<Resource, 'base'> & Partial<Pick<Resource, 'document'>>,
): Resource {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { ...holder, apiVersion, group, version, kind, name, object, ...where };
}

/** The lines of a text that was written behind `|`, indented as they are: YAML all the same. */
function literalBlock(holder: Resource, path: FieldPath): Resource['document'] | undefined {
  const origin = { resource: holder, path };
  const { line } = locateKey(origin);
  const opening = lineText(origin, line);
  if (opening === undefined || !/\|[-+0-9]*\s*(#.*)?$/.test(opening)) return undefined;
  const indent = /^[ -]*/.exec(opening)![0].length;
  const lines: string[] = [];
  for (let at = line + 1; ; at++) {
    const text = lineText(origin, at);
    if (text === undefined || (text.trim() !== '' && /^ */.exec(text)![0].length <= indent)) break;
    lines.push(text);
  }
  return { file: holder.document.file, startLine: line + 1, text: lines.join('\n') };
}
