// What the explanations of ajv's errors share: the schema around an error, names in a row, bounds in words.

import { type FieldPath, own, table } from '../../model/index.js';
import type { SchemaError } from './compile.js';
import type { JsonSchema } from './kind-schemas.js';

/** The part of a schema without `$ref` that describes the value at `path`. */
export function schemaAt(root: JsonSchema, path: FieldPath): JsonSchema | undefined {
  let node: JsonSchema | undefined = root;
  for (const step of path) {
    const more: JsonSchema | boolean | undefined = node?.additionalProperties;
    node =
      typeof step === 'number'
        ? node?.items
        : (own(node?.properties, step) ?? (typeof more === 'object' ? more : undefined));
  }
  return node;
}

export const listNames = (names: readonly unknown[]): string => names.map((n) => `\`${String(n)}\``).join(', ');

/** What a bound demands, as the end of a sentence. */
export function bound({ keyword, params }: SchemaError): string {
  const limit = params.limit as number;
  switch (keyword) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} items`;
    case 'maxItems':
      return `must have at most ${limit} items`;
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} entries`;
    case 'maxProperties':
      return `must have at most ${limit} entries`;
    case 'pattern':
      return `must match ${String(params.pattern)}`;
    case 'format':
      return `must be ${FORMATS.get(String(params.format)) ?? String(params.format)}`;
    default:
      return `does not fit (${keyword})`;
  }
}

const FORMATS = table<string>({
  int32: 'a 32-bit integer',
  int64: 'a 64-bit integer',
  'date-time': 'a time such as 2026-01-31T12:00:00Z',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
});
