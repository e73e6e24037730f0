// The keys of an issuer, and whether one of them signed a token: source/common/jwt/{jwks,verify}.cc (Envoy 1.40).
// The signature itself is checked by the library jose (docs/decisions, "jose").

import { type CryptoKey, compactVerify, importJWK, type JWK } from 'jose';
import { type JwtRule, own, table } from '../model/index.js';
import type { Token } from './parse.js';

interface Key {
  /** Empty: not said. */
  readonly kid: string;
  readonly alg: string;
  readonly kty: string;
  readonly jwk: JWK;
  /** By algorithm: a key that does not name one can verify several. */
  readonly imported: Map<string, Promise<CryptoKey | Uint8Array>>;
}

/** Bytes. */
const ED25519_SIGNATURE = 64;

const keySets = new WeakMap<JwtRule, readonly Key[]>();

/** Empty where there is no usable key. */
function keysOf(rule: JwtRule): readonly Key[] {
  let keys = keySets.get(rule);
  if (!keys) {
    keys = readKeys(rule.jwks);
    keySets.set(rule, keys);
  }
  return keys;
}

/** Names of the parts that a key has to have; a key without them is passed over. */
const PARTS = table<readonly string[]>({
  RSA: ['n', 'e'],
  EC: ['x', 'y'],
  oct: ['k'],
  OKP: ['crv', 'x'],
});
const ALGORITHMS = table<RegExp>({
  RSA: /^(RS|PS)/,
  EC: /^ES/,
  oct: /^HS(256|384|512)$/,
  OKP: /^EdDSA$/,
});

function readKeys(text: string | undefined): readonly Key[] {
  if (text === undefined) return [];
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    return [];
  }
  const list = typeof set === 'object' && set !== null && 'keys' in set && Array.isArray(set.keys) ? set.keys : [];
  return list.flatMap((jwk: unknown) => {
    if (typeof jwk !== 'object' || jwk === null) return [];
    const fields = jwk as Record<string, unknown>;
    const word = (name: string) => (typeof own(fields, name) === 'string' ? (own(fields, name) as string) : '');
    const [kty, alg] = [word('kty'), word('alg')];
    const usable = PARTS.get(kty)?.every((part) => word(part) !== '') && (alg === '' || ALGORITHMS.get(kty)?.test(alg));
    if (!usable) return [];
    return [{ kid: word('kid'), alg, kty, jwk: bare(kty, alg, fields), imported: new Map() }];
  });
}

/** Only what makes the key: `use`, `key_ops` and certificates beside it mean nothing to Envoy. */
function bare(kty: string, alg: string, fields: Record<string, unknown>): JWK {
  const crv = kty === 'EC' ? { crv: fields.crv ?? CURVES.get(alg) ?? 'P-256' } : {};
  return { kty, ...Object.fromEntries((PARTS.get(kty) ?? []).map((part) => [part, own(fields, part)])), ...crv } as JWK;
}
const CURVES = table<string>({ ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' });

/** Undefined: signed by a key of the rule; else why it is not. */
export async function verifySignature(token: Token, rule: JwtRule): Promise<string | undefined> {
  const keys = keysOf(rule);
  // Keys that cannot be fetched: Istio hands Envoy one of which nobody has the private half (jwks_resolver.go, PublicOnlyJwks).
  if (keys.length === 0) return 'Jwt verification fails';
  let candidate = false;
  for (const key of keys) {
    if (token.kid !== '' && key.kid !== '' && key.kid !== token.kid) continue;
    if (key.alg !== '' && key.alg !== token.alg) continue;
    candidate = true;
    // Whatever the algorithm, a key that does not name one is tried.
    if (key.kty === 'OKP' && Buffer.from(token.parts[2], 'base64url').length !== ED25519_SIGNATURE)
      return 'Jwt ED25519 signature is wrong length';
    if (ALGORITHMS.get(key.kty)?.test(token.alg) && (await signs(key, token))) return undefined;
  }
  return candidate ? 'Jwt verification fails' : "Jwks doesn't have key to match kid or alg from Jwt";
}

async function signs(key: Key, { alg, parts }: Token): Promise<boolean> {
  try {
    let imported = key.imported.get(alg);
    if (!imported) {
      imported = importJWK(key.jwk, alg);
      key.imported.set(alg, imported);
    }
    await compactVerify(parts.join('.'), await imported, { algorithms: [alg] });
    return true;
  } catch {
    // Whatever the library objects to (a key that is too short, a bad signature), the token is not verified.
    return false;
  }
}
