// Documents that cannot be read and are nobody's configuration here: of a kind that meshgw does not read, or of another tool's format.
// They are named, but below a folder they are no error: what is wrong with them changes no gateway.

import type { Diagnostic } from '../diagnostics/index.js';
import type { Json, JsonObject, SourceDocument } from '../model/index.js';
import { SOURCE_CODES } from './codes.js';
import { isRelated } from './kinds.js';
import type { Recognise } from './resources-of.js';

/** What a line without indentation begins with: a key, quoted or not. */
const TOP_KEY = /^["']?(@?[A-Za-z_][\w.-]*)["']?[ \t]*:(?:[ \t]+(\S+))?/gm;
/** Of messages of protobuf. */
const TYPE = /["']?@type["']?[ \t]*:[ \t]+(\S+)/g;

const unquoted = (text: string | undefined): string => text?.replace(/^["']|["']$/g, '') ?? '';

/** Judged by its lines, because it has no value; in doubt it is ours. */
export function isForeign({ code }: Diagnostic, { text }: SourceDocument, recognise: Recognise | undefined): boolean {
  if (code !== SOURCE_CODES.syntax.code && code !== SOURCE_CODES.duplicateKey.code) return false;
  if (/^\s*[[{]/.test(text)) return false;
  const top = new Map<string, string>();
  for (const [, key, value] of text.matchAll(TOP_KEY)) top.set(key ?? '', unquoted(value));
  const [apiVersion, kind] = [top.get('apiVersion'), top.get('kind')];
  if (apiVersion === undefined && kind === undefined)
    return top.size > 0 && !shapesOf(text, top).some((shape) => recognise?.(shape) !== undefined);
  if (!apiVersion || !kind || kind.endsWith('List')) return false;
  const slash = apiVersion.indexOf('/');
  return !isRelated(slash < 0 ? '' : apiVersion.slice(0, slash), kind);
}

/** What the document may be: its scalars as they are, below the other keys mappings or lists. */
function shapesOf(text: string, top: ReadonlyMap<string, string>): JsonObject[] {
  const types = [...text.matchAll(TYPE)].map(([, type]) => ({ '@type': unquoted(type) }));
  const shape = (below: Json): JsonObject =>
    Object.fromEntries([...top].map(([key, value]) => [key, value === '' || value.startsWith('#') ? below : value]));
  return [shape({}), shape(types)];
}
