// ajv, compiled once per kind and version when the first object of it is met (docs/decisions/0002).

import { isIPv4, isIPv6 } from 'node:net';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isDateTime } from './date-time.js';
import type { JsonSchema } from './kind-schemas.js';
import { readSchema } from './read-schema.js';

export type SchemaError = ErrorObject<string, Record<string, unknown>>;
export type Check = ValidateFunction & { errors?: SchemaError[] | null };

/** A longer value of a field with a pattern is refused unread: patterns may take time quadratic in the length. */
const MAX_PATTERN_INPUT = 8192;

const within = (limit: number) => (n: number) => n >= -limit && n < limit;

/** All errors, or the first one only. */
type Thoroughness = 'all' | 'first';

const instances = new Map<Thoroughness, Ajv>();

function ajv(errors: Thoroughness): Ajv {
  const known = instances.get(errors);
  if (known) return known;
  const instance = new Ajv({
    // The dialect of CRDs is not ajv's strict one, and nobody reads ajv's own words: explain.ts makes them.
    strict: false,
    allErrors: errors === 'all',
    messages: false,
    validateSchema: false,
    inlineRefs: false,
    unicodeRegExp: false,
    logger: false,
    code: {
      optimize: false,
      regExp: Object.assign(
        (pattern: string, flags: string) => {
          const compiled = new RegExp(pattern, flags);
          // ajv tells patterns apart by their text.
          return {
            test: (text: string) => text.length <= MAX_PATTERN_INPUT && compiled.test(text),
            toString: () => String(compiled),
          };
        },
        { code: '' },
      ),
    },
    formats: {
      int32: { type: 'number', validate: within(2 ** 31) },
      int64: { type: 'number', validate: within(2 ** 63) },
      double: true,
      float: true,
      byte: true,
      'int-or-string': true,
      'date-time': isDateTime,
      ipv4: isIPv4,
      ipv6: isIPv6,
    },
  });
  instance.addSchema(readSchema('metadata.json') as object);
  instances.set(errors, instance);
  return instance;
}

const checks = { all: new WeakMap<JsonSchema, Check>(), first: new WeakMap<JsonSchema, Check>() };

export function compile(schema: JsonSchema, errors: Thoroughness = 'all'): Check {
  let check = checks[errors].get(schema);
  if (!check) {
    check = ajv(errors).compile(schema) as Check;
    checks[errors].set(schema, check);
  }
  return check;
}
