// From ajv's errors to findings that say what was expected, at the field they are about.

import { type Diagnostic, type Fix, nearestName } from '../../diagnostics/index.js';
import {
  type FieldPath,
  formatPath,
  isObject,
  type Json,
  type JsonObject,
  originOf,
  own,
  type Resource,
  table,
  valueAt,
} from '../../model/index.js';
import type { SourceCode } from '../codes.js';
import { describeValue, quoteHint } from '../describe-value.js';
import { finding } from '../finding.js';
import { renaming, setting } from '../fixes.js';
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

/** Fields of the older Ingress versions and what v1 calls them (https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122). */
const INGRESS_V1 = table<string>({
  serviceName: 'service.name',
  servicePort: 'service.port.number` or `service.port.name',
  backend: 'defaultBackend',
});

const TYPES = table<string>({
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
});

/** Both paths begin alike: schema paths begin anew at each `$ref`. */
const isPartOf = (error: SchemaError, choice: SchemaError): boolean =>
  error.schemaPath.startsWith(`${choice.schemaPath}/`) && error.instancePath.startsWith(choice.instancePath);

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** A field with a wrong value, as its explanation needs it. */
interface WrongField {
  readonly resource: Resource;
  readonly path: FieldPath;
  readonly value: Json | undefined;
  /** How messages name it. */
  readonly where: string;
  readonly schema: JsonSchema | undefined;
  readonly error: SchemaError;
}

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
  const field: WrongField = { resource, path, value, where, schema: schemaAt(root, path), error };
  const report = (what: SourceCode, message: string, at: FieldPath = path) =>
    finding(what, message, originOf(resource, ...at));
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = [...path, String(error.params.additionalProperty)];
      const to = meantField(field, unknown);
      const fix = to === undefined ? {} : renaming(originOf(resource, ...unknown), to);
      return { ...report('unknownField', unknownField(field, unknown), unknown), about: 'key', ...fix };
    }
    case 'type':
      return { ...report('wrongType', wrongType(field)), ...retyping(field) };
    case 'required': {
      const name = String(error.params.missingProperty);
      return report('missingField', `\`${formatPath([...path, name])}\` is required, but missing`);
    }
    case 'enum':
      return { ...report('notAllowed', notAllowed(field)), ...correcting(field) };
    case 'oneOf':
    case 'anyOf':
    case 'allOf':
    case 'not':
      return report(...explainChoice(field.schema, error, errors, value, where));
    default:
      return report('outOfBounds', `${where} ${bound(error)}, but is ${describeValue(value)}`);
  }
}

function unknownField({ resource, schema }: WrongField, path: FieldPath): string {
  const name = String(path.at(-1));
  const known = Object.keys(schema?.properties ?? {});
  const renamed = resource.kind === 'Ingress' && resource.version === 'v1' ? INGRESS_V1.get(name) : undefined;
  const advice = renamed ? `in ${resource.apiVersion} write \`${renamed}\`` : adviceOnName(name, known);
  return `unknown field \`${shortened(formatPath(path))}\`; ${advice}`;
}

/** The known name that was meant, where nothing stands there yet. */
function meantField({ schema, value }: WrongField, path: FieldPath): string | undefined {
  const nearest = nearestName(String(path.at(-1)), Object.keys(schema?.properties ?? {}));
  return nearest !== undefined && isObject(value) && !Object.hasOwn(value, nearest) ? nearest : undefined;
}

/** A number in quotes, or a text without them. */
function retyping({ resource, path, value, error }: WrongField): { readonly fix?: Fix } {
  const origin = originOf(resource, ...path);
  const { type } = error.params;
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    const written = sourceText(origin);
    return written === undefined ? {} : setting(origin, written);
  }
  const isNumber = (type === 'integer' || type === 'number') && typeof value === 'string' && /^\d{1,15}$/.test(value);
  return isNumber ? setting(origin, Number(value)) : {};
}

function correcting({ resource, path, value, error }: WrongField): { readonly fix?: Fix } {
  const allowed = ((error.params.allowedValues ?? []) as unknown[]).filter((a) => typeof a === 'string');
  const nearest = typeof value === 'string' ? nearestName(value, allowed) : undefined;
  return nearest === undefined ? {} : setting(originOf(resource, ...path), nearest);
}

function adviceOnName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest) return `did you mean \`${nearest}\`?`;
  return known.length <= 12
    ? `known fields: ${listNames(known)}`
    : 'the API server rejects or drops it; remove it, or move it to the right place';
}

function wrongType({ resource, path, value, where, schema, error }: WrongField): string {
  const expected = String(error.params.type);
  const names = Object.keys(schema?.properties ?? {});
  const detail = expected === 'object' && names.length > 0 && names.length <= 6 ? ` with ${listNames(names)}` : '';
  const scalar = typeof value === 'boolean' || typeof value === 'number';
  const hint = expected === 'string' && scalar ? quoteHint(sourceText(originOf(resource, ...path))) : '';
  const unquote =
    (expected === 'integer' || expected === 'number') &&
    typeof value === 'string' &&
    value !== '' &&
    Number.isFinite(Number(value));
  return `${where} must be ${TYPES.get(expected) ?? expected}${detail}, but is ${describeValue(value)}${hint}${unquote ? '; write it without quotes' : ''}`;
}

function notAllowed({ value, where, error }: WrongField): string {
  const allowed = (error.params.allowedValues ?? []) as unknown[];
  const texts = allowed.filter((a) => typeof a === 'string');
  const nearest = typeof value === 'string' ? nearestName(value, texts) : undefined;
  return `${where} is ${describeValue(value)}, but must be one of ${listNames(allowed)}${nearest ? `; did you mean \`${nearest}\`?` : ''}`;
}
