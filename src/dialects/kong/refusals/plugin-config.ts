// Whether Kong takes the configuration of a plugin: by its schema, in Kong's words (kong/db/schema/init.lua).

import { isIP } from 'node:net';
import { type Json, type JsonObject, own } from '../../../model/index.js';
import { objectOf } from '../../../resources/fields.js';
import type { KongPlugin } from '../entities.js';
import { type Fields, type FieldType, schemas } from './schemas.js';

/** `config.allow: expected an array`; undefined: nothing is wrong that is looked at. */
export function configProblem({ name, config }: Pick<KongPlugin, 'name' | 'config'>): string | undefined {
  const fields = own(schemas, name);
  if (!fields) return undefined;
  return inRecord(config, fields, 'config') ?? together(name, config);
}

/** `record`s of which nothing is known take everything. */
function inRecord(value: JsonObject, fields: Fields, path: string): string | undefined {
  const open = Object.keys(fields).length === 0;
  for (const [key, entry] of Object.entries(value)) {
    const field = own(fields, key);
    if (!field && !open) return `${path}.${key}: unknown field`;
    const problem = field && entry !== null ? ofType(entry, field, `${path}.${key}`) : undefined;
    if (problem) return problem;
  }
  for (const [key, field] of Object.entries(fields))
    if ('required' in field && field.required && (own(value, key) ?? null) === null)
      return `${path}.${key}: required field missing`;
  return undefined;
}

function ofType(value: Json, field: FieldType, path: string): string | undefined {
  switch (field.is) {
    case 'string':
      return ofText(value, field, path);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path}: expected a boolean`;
    case 'number':
      return ofNumber(value, field, path);
    case 'record': {
      const record = objectOf(value);
      return record ? inRecord(record, field.fields, path) : `${path}: expected a record`;
    }
    case 'array':
      return ofArray(value, field, path);
  }
}

function ofText(value: Json, field: FieldType & { readonly is: 'string' }, path: string): string | undefined {
  if (typeof value !== 'string') return `${path}: expected a string`;
  if (value === '' && !field.empty) return `${path}: length must be at least 1`;
  if (field.oneOf && !field.oneOf.includes(value)) return `${path}: expected one of: ${field.oneOf.join(', ')}`;
  if (field.url && !/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]/.test(value))
    return `${path}: missing ${/^[A-Za-z][A-Za-z0-9+.-]*:/.test(value) || value.startsWith('/') ? 'host' : 'scheme'} in url`;
  return undefined;
}

function ofNumber(value: Json, field: FieldType & { readonly is: 'number' }, path: string): string | undefined {
  if (typeof value !== 'number') return `${path}: expected ${field.whole ? 'an integer' : 'a number'}`;
  if (field.whole && !Number.isInteger(value)) return `${path}: expected an integer`;
  const [low, high] = field.between ?? [value, value];
  return value < low || value > high ? `${path}: value should be between ${low} and ${high}` : undefined;
}

function ofArray(value: Json, { of }: FieldType & { readonly is: 'array' }, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path}: expected an array`;
  for (const [i, entry] of (value as readonly Json[]).entries()) {
    const at = `${path}.${i + 1}`;
    const problem = typeof of === 'string' ? special(entry, of, at) : ofType(entry, of, at);
    if (problem) return problem;
  }
  return undefined;
}

function special(entry: Json, kind: 'address' | 'pair' | 'header', at: string): string | undefined {
  if (typeof entry !== 'string') return `${at}: expected a string`;
  if (kind === 'address') return isAddressRange(entry) ? undefined : `${at}: invalid ip or cidr range: '${entry}'`;
  if (kind === 'pair') return /^[^:]+:[\s\S]*$/.test(entry) ? undefined : `${at}: invalid value: ${entry}`;
  return /^[A-Za-z0-9_-]+$/.test(entry)
    ? undefined
    : `${at}: bad header name '${entry}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`;
}

/** Rules about several fields. */
function together(name: string, config: JsonObject): string | undefined {
  const has = (key: string): boolean => (own(config, key) ?? null) !== null;
  if (name === 'ip-restriction' && !has('allow') && !has('deny'))
    return "at least one of these fields must be non-empty: 'config.allow', 'config.deny'";
  if (name === 'acl' && has('allow') === has('deny'))
    return has('allow')
      ? "only one of these fields must be non-empty: 'config.allow', 'config.deny'"
      : "at least one of these fields must be non-empty: 'config.allow', 'config.deny'";
  if (name === 'rate-limiting' && !['second', 'minute', 'hour', 'day', 'month', 'year'].some(has))
    return "at least one of these fields must be non-empty: 'config.second', 'config.minute', 'config.hour', 'config.day', 'config.month', 'config.year'";
  if (name !== 'request-termination') return undefined;
  if (has('message') && (has('content_type') || has('body')))
    return 'config: message cannot be used with content_type or body';
  if (has('content_type') && !has('body')) return 'config: content_type requires a body';
  return own(config, 'echo') === true && (has('content_type') || has('body'))
    ? 'config: echo cannot be used with content_type and body'
    : undefined;
}

/** An address, or a range with a length that the address can have. */
function isAddressRange(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return length === undefined || (/^\d+$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}
