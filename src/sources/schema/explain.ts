// From ajv's errors to findings that say what was expected, at the field they are about.

import type { Diagnostic } from '../../diagnostics/index.js';
import { nearestName } from '../../diagnostics/index.js';
import {
  type FieldPath,
  formatPath,
  type Json,
  type JsonObject,
  originOf,
  own,
  type Resource,
  table,
} from '../../model/index.js';
import type { SourceCode } from '../codes.js';
import { describeValue, quoteHint } from '../describe-value.js';
import { finding } from '../finding.js';
import { sourceText } from '../locate.js';
import type { SchemaError } from './compile.js';
import { bound, listNames, schemaAt } from './error-words.js';
import { explainChoice } from './explain-choice.js';
import type { JsonSchema } from './kind-schemas.js';

/** More than these of one object repeat themselves. */
const MAX_FINDINGS = 50;
const CHOICES = new Set(['oneOf', 'anyOf', 'allOf', 'not']);
/** Read, and complained about, before the schema is looked at (resources-of.ts). */
const READ_BEFORE = /^\/metadata(?:$|\/(?:name|namespace|labels|annotations)(?:\/|$))/;

/** Errors that are looked at: comparing them takes quadratic time. */
const MAX_ERRORS = 1000;

export function explainErrors(
  resource: Resource,
  object: Json,
  schema: JsonSchema,
  all: readonly SchemaError[],
): Diagnostic[] {
  const errors = all.slice(0, MAX_ERRORS);
  const choices = errors.filter((e) => CHOICES.has(e.keyword));
  const found = new Map<string, Diagnostic>();
  for (const error of errors) {
    if (found.size >= MAX_FINDINGS) break;
    if (READ_BEFORE.test(error.instancePath) && error.keyword !== 'additionalProperties') continue;
    // What a branch of a choice wanted is said by the choice itself.
    if (choices.some((c) => isPartOf(error, c))) continue;
    // A value of the wrong type fits no choice either: once is enough.
    if (
      CHOICES.has(error.keyword) &&
      errors.some((e) => e.keyword === 'type' && e.instancePath === error.instancePath && !isPartOf(e, error))
    )
      continue;
    const diagnostic = explain(resource, object, schema, error, errors);
    const key = `${error.instancePath} ${diagnostic.code} ${diagnostic.message}`;
    if (!found.has(key)) found.set(key, diagnostic);
  }
  return [...found.values()];
}

/** `/spec/http/0/route` → `['spec', 'http', 0, 'route']`. */
function fieldPath(object: Json, pointer: string): FieldPath {
  const path: (string | number)[] = [];
  let value: Json | undefined = object;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = typeof value === 'object' && value !== null ? own(value as JsonObject, key) : undefined;
  }
  return path;
}

function valueAt(object: Json, path: FieldPath): Json | undefined {
  let value: Json | undefined = object;
  for (const step of path)
    value = typeof value === 'object' && value !== null ? own(value as JsonObject, String(step)) : undefined;
  return value;
}

/** Fields of the older Ingress versions and what v1 calls them (https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122). */
const INGRESS_V1 = table<string>({
  serviceName: 'service.name',
  servicePort: 'service.port.number` or `service.port.name',
  backend: 'defaultBackend',
});

const TYPES = table<string>({
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
});

/** Both paths begin alike: schema paths begin anew at each `$ref`. */
const isPartOf = (error: SchemaError, choice: SchemaError): boolean =>
  error.schemaPath.startsWith(`${choice.schemaPath}/`) && error.instancePath.startsWith(choice.instancePath);

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function explain(
  resource: Resource,
  object: Json,
  root: JsonSchema,
  error: SchemaError,
  errors: readonly SchemaError[],
): Diagnostic {
  const path = fieldPath(object, error.instancePath);
  const where = path.length === 0 ? resource.kind : `\`${formatPath(path)}\``;
  const value = valueAt(object, path);
  const { params } = error;
  const schema = schemaAt(root, path);
  const report = (what: SourceCode, message: string, at: FieldPath = path) =>
    finding(what, message, originOf(resource, ...at));
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const known = Object.keys(schema?.properties ?? {});
      const nearest = nearestName(name, known);
      const renamed = resource.kind === 'Ingress' && resource.version === 'v1' ? INGRESS_V1.get(name) : undefined;
      const advice = renamed
        ? `in ${resource.apiVersion} write \`${renamed}\``
        : nearest
          ? `did you mean \`${nearest}\`?`
          : known.length <= 12
            ? `known here: ${listNames(known)}`
            : 'the API server refuses it or drops it; remove it or put it where it belongs';
      return report('unknownField', `unknown field \`${shortened(formatPath([...path, name]))}\`; ${advice}`, [
        ...path,
        name,
      ]);
    }
    case 'type': {
      const expected = String(params.type);
      const shape = schema?.properties;
      const names = Object.keys(shape ?? {});
      const detail = expected === 'object' && names.length > 0 && names.length <= 6 ? ` with ${listNames(names)}` : '';
      const scalar = typeof value === 'boolean' || typeof value === 'number';
      const hint = expected === 'string' && scalar ? quoteHint(sourceText(originOf(resource, ...path))) : '';
      const unquote =
        (expected === 'integer' || expected === 'number') &&
        typeof value === 'string' &&
        value !== '' &&
        Number.isFinite(Number(value));
      return report(
        'wrongType',
        `${where} must be ${TYPES.get(expected) ?? expected}${detail}, but is ${describeValue(value)}${hint}${unquote ? '; write it without quotes' : ''}`,
      );
    }
    case 'required': {
      const name = String(params.missingProperty);
      return report('missingField', `\`${formatPath([...path, name])}\` is required, but missing`);
    }
    case 'enum': {
      const allowed = (params.allowedValues ?? []) as unknown[];
      const nearest =
        typeof value === 'string'
          ? nearestName(
              value,
              allowed.filter((a) => typeof a === 'string'),
            )
          : undefined;
      return report(
        'notAllowed',
        `${where} is ${describeValue(value)}, but must be one of ${listNames(allowed)}${nearest ? `; did you mean \`${nearest}\`?` : ''}`,
      );
    }
    case 'oneOf':
    case 'anyOf':
    case 'allOf':
    case 'not':
      return report(...explainChoice(schema, error, errors, value, where));
    default:
      return report('outOfBounds', `${where} ${bound(error)}, but is ${describeValue(value)}`);
  }
}
