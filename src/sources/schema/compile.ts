// ajv, compiled once per kind and version when the first object of it is met (docs/decisions/0002).

import { isIPv4, isIPv6 } from 'node:net';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type JsonSchema, readSchema } from './kind-schemas.js';

export type SchemaError = ErrorObject<string, Record<string, unknown>>;
export type Check = ValidateFunction & { errors?: SchemaError[] | null };

/** A longer value of a field with a pattern is refused unread: patterns may take time quadratic in the length. */
const MAX_PATTERN_INPUT = 8192;

const within = (limit: number) => (n: number) => n >= -limit && n < limit;

let instance: Ajv | undefined;

function ajv(): Ajv {
  if (instance) return instance;
  instance = new Ajv({
    // The dialect of CRDs is not ajv's strict one, and nobody reads ajv's own words: explain.ts makes them.
    strict: false,
    allErrors: true,
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
      'date-time': (text) => /^\d{4}-\d\d-\d\d[Tt ]/.test(text) && !Number.isNaN(Date.parse(text)),
      ipv4: isIPv4,
      ipv6: isIPv6,
    },
  });
  instance.addSchema(readSchema('metadata.json') as object);
  return instance;
}

const checks = new WeakMap<JsonSchema, Check>();

export function compile(schema: JsonSchema): Check {
  let check = checks.get(schema);
  if (!check) {
    check = ajv().compile(schema) as Check;
    checks.set(schema, check);
  }
  return check;
}
