// The inline keys of a JWT rule as Istio's webhook reads them: jwk.Parse of github.com/lestrrat-go/jwx v1.2.31 (jwk/set.go,
// jwk/jwk.go ParseKey, jwk/*_gen.go UnmarshalJSON). It knows JSON by Go's rules: what stands behind the first value is not
// looked at, null is an absent value. Which keys Envoy then uses is its own business (src/tokens/keys.ts).

import { X509Certificate } from 'node:crypto';
import { isObject, table } from '../../model/index.js';

export interface ReadKeys {
  /** Why the webhook refuses them. */
  readonly problem?: string;
  /** Indices of keys that hold what must stay secret. */
  readonly secret: readonly number[];
}

/** What a key of each type has to have; all of it but the curve is base64. */
const REQUIRED = table<readonly string[]>({
  RSA: ['e', 'n'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
});
/** What an RSA key with `d` may have. */
const PRIVATE_RSA = ['dp', 'dq', 'p', 'q', 'qi'];
const TEXTS = ['alg', 'kid', 'use', 'x5t', 'x5t#S256', 'x5u'];

/** Up to the bracket that closes the first one. */
function firstObject(text: string): string {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return text.slice(0, i + 1);
  }
  return text;
}

/** With or without padding, of either alphabet, line breaks aside. */
function isBase64(text: string): boolean {
  const [, body = '', padding = ''] = /^([^=]*)(=*)$/s.exec(text.replaceAll(/[\r\n]/g, '')) ?? [undefined, '?'];
  const size = body.length + padding.length;
  return (
    (/^[-\w]*$/.test(body) || /^[+/a-zA-Z0-9]*$/.test(body)) &&
    (padding === '' ? size % 4 !== 1 : size % 4 === 0 && padding.length <= 2)
  );
}

const isCertificate = (text: unknown): boolean => {
  try {
    return typeof text === 'string' && isBase64(text) && Boolean(new X509Certificate(Buffer.from(text, 'base64')));
  } catch {
    return false;
  }
};

/** Go matches the fields of a struct whatever their case; null leaves them empty. */
const anyCase = (key: object, name: string): unknown =>
  Object.entries(key).findLast(([field, value]) => field.toLowerCase() === name && value !== null)?.[1];

function problemOf(
  field: string,
  value: unknown,
  texts: readonly string[],
  bytes: readonly string[],
): string | undefined {
  if (texts.includes(field) && typeof value !== 'string') return `its "${field}" is not text`;
  if (bytes.includes(field) && !isBase64(String(value))) return `its "${field}" is not base64url`;
  if (field === 'key_ops' && !(Array.isArray(value) && value.every((op) => op === null || typeof op === 'string')))
    return 'its "key_ops" are not a list of texts';
  if (field === 'x5c' && !(Array.isArray(value) && value.every(isCertificate)))
    return 'its "x5c" is not a list of certificates';
  return undefined;
}

function readKey(key: unknown): { problem?: string; secret?: boolean } {
  if (key !== null && (typeof key !== 'object' || Array.isArray(key))) return { problem: 'it is not an object' };
  const fields = (key ?? {}) as Readonly<Record<string, unknown>>;
  const kty = anyCase(fields, 'kty') ?? '';
  const parts = typeof kty === 'string' ? REQUIRED.get(kty) : undefined;
  if (!parts) return { problem: `its type ("kty") is ${JSON.stringify(kty)}, which is none of RSA, EC, OKP and oct` };
  const pair = kty !== 'oct' && Object.keys(fields).some((field) => field.toLowerCase() === 'd');
  const required = [...parts, ...(pair ? ['d'] : [])];
  const missing = required.find((field) => !Object.hasOwn(fields, field));
  if (missing)
    return {
      problem: `it has no "${missing}", which a key of the type ${kty} ${missing === 'd' ? 'with "D" ' : ''}needs`,
    };
  const bytes = [...required.filter((field) => field !== 'crv'), ...(pair && kty === 'RSA' ? PRIVATE_RSA : [])];
  const texts = [...TEXTS, ...required, ...bytes];
  for (const [field, value] of Object.entries(fields)) {
    const problem = value === null ? undefined : problemOf(field, value, texts, bytes);
    if (problem) return { problem };
  }
  return { secret: pair || kty === 'oct' };
}

/** `text` is not empty. */
export function readJsonWebKeys(text: string): ReadKeys {
  let set: unknown;
  try {
    set = JSON.parse(text.trimStart().startsWith('{') ? firstObject(text) : text);
  } catch {
    return { problem: 'jwks is not JSON; it is the text of an object such as {"keys": […]}', secret: [] };
  }
  if (!isObject(set as never)) return { problem: 'jwks is not an object such as {"keys": […]}', secret: [] };
  const { keys } = set as { keys?: unknown };
  const sole = !Object.hasOwn(set as object, 'keys');
  if (!sole && keys !== null && !Array.isArray(keys)) return { problem: '"keys" of jwks is not a list', secret: [] };
  const list: readonly unknown[] = sole ? [set] : ((keys ?? []) as readonly unknown[]);
  const read = list.map(readKey);
  const bad = read.findIndex((key) => key.problem !== undefined);
  if (bad >= 0)
    return {
      problem: sole
        ? `jwks has no "keys" and is no single key: ${read[0]!.problem}`
        : `key ${bad} of jwks: ${read[bad]!.problem}`,
      secret: [],
    };
  return { secret: read.flatMap((key, index) => (key.secret ? [index] : [])) };
}
