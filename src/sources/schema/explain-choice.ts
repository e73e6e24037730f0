// One sentence for `oneOf`, `anyOf` and `not`, which schemas use for "one of these fields" and "number or text".

import { append, type Json, own } from '../../model/index.js';
import type { SourceCode } from '../codes.js';
import { describeValue } from '../describe-value.js';
import type { SchemaError } from './compile.js';
import { bound, listNames } from './error-words.js';
import type { JsonSchema } from './kind-schemas.js';

/** Field names of `{required: [a]}` branches; undefined where a branch says something else. */
function exclusiveFields(branches: readonly JsonSchema[]): { names: string[]; mayBeNone: boolean } | undefined {
  const names: string[] = [];
  let mayBeNone = false;
  for (const branch of branches) {
    if (branch.not?.anyOf) mayBeNone = true;
    else if (branch.required?.length === 1 && !branch.enum) append(names, branch.required);
    else return undefined;
  }
  return { names, mayBeNone };
}

export function explainChoice(
  schema: JsonSchema | undefined,
  error: SchemaError,
  errors: readonly SchemaError[],
  value: Json | undefined,
  where: string,
): [SourceCode, string] {
  const branches = (own(schema, error.keyword) ?? []) as readonly JsonSchema[];
  const fields = error.keyword === 'not' ? undefined : exclusiveFields(branches);
  if (fields && typeof value === 'object' && value !== null) {
    const present = fields.names.filter((name) => Object.hasOwn(value, name));
    if (present.length > 1)
      return [
        'exclusiveFields',
        `${where} may have only one of ${listNames(fields.names)}, but has ${listNames(present)}: keep one`,
      ];
    return ['missingField', `${where} must have one of ${listNames(fields.names)}`];
  }
  const types = Array.isArray(branches) ? branches.map((b) => b.type) : [];
  if (types.length === 2 && types.includes('integer') && types.includes('string'))
    return ['wrongType', `${where} must be an integer or text, but is ${describeValue(value)}`];
  const wishes = errors
    .filter(
      (e) =>
        e.schemaPath.startsWith(`${error.schemaPath}/`) &&
        e.instancePath.startsWith(error.instancePath) &&
        !['oneOf', 'anyOf', 'not', 'if'].includes(e.keyword),
    )
    .map((e) => `${e.instancePath.slice(error.instancePath.length + 1).replaceAll('/', '.')} ${wish(e)}`.trim());
  const detail = wishes.length > 0 ? `: ${[...new Set(wishes)].slice(0, 4).join(' or ')}` : '';
  return ['outOfBounds', `${where} matches none of the allowed forms${detail}`];
}

function wish(error: SchemaError): string {
  if (error.keyword === 'enum') return `must be one of ${listNames(error.params.allowedValues as unknown[])}`;
  if (error.keyword === 'required') return `needs \`${String(error.params.missingProperty)}\``;
  if (error.keyword === 'type') return `must be of type ${String(error.params.type)}`;
  return bound(error);
}
