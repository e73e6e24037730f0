// Fields of objects as they were written. A value of the wrong type counts as absent here: the schema check says
// what is wrong with it, the reader goes on with what is left.

import { isObject, type Json, type JsonObject, own } from '../../model/index.js';
import { booleanOf, listOf, objectOf, stringOf, stringsOf } from '../../resources/fields.js';

export { compareText } from '../../resources/fields.js';

const field = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) ? own(value, key) : undefined;

/** Absent and `null` are the same to the API server. */
export const has = (value: Json | undefined, key: string): boolean => (field(value, key) ?? null) !== null;

/** The object there, or an empty one. */
export const objectAt = (value: Json | undefined, key: string): JsonObject => objectOf(field(value, key)) ?? {};
export const listAt = (value: Json | undefined, key: string): readonly Json[] => listOf(field(value, key));
export const stringAt = (value: Json | undefined, key: string): string | undefined => stringOf(field(value, key));
export const stringsAt = (value: Json | undefined, key: string): readonly string[] => stringsOf(field(value, key));
export const booleanAt = (value: Json | undefined, key: string): boolean | undefined => booleanOf(field(value, key));

/** Unlike protojson, the API server takes no text for a number. */
export const numberAt = (value: Json | undefined, key: string): number | undefined => {
  const number = field(value, key);
  return typeof number === 'number' ? number : undefined;
};
