// Reads a JSON Web Token, with Envoy's words for what is wrong with it: source/common/jwt/{jwt,status,struct_utils}.cc
// (Envoy 1.40). Nothing is verified here.

import { own } from '../model/index.js';

export interface Token {
  /** The three parts, as they came. */
  readonly parts: readonly [header: string, payload: string, signature: string];
  readonly alg: string;
  /** Empty: none. */
  readonly kid: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Seconds since the epoch; 0: none. */
  readonly notBefore: number;
  readonly expires: number;
}

/** A longer text is no token: headers of Envoy end at 60 KiB. */
const MAX_LENGTH = 65_536;

const ALGORITHMS = new Set('ES256 ES384 ES512 HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA'.split(' '));

/** The token, or why it is none. */
export function parseToken(text: string): Token | string {
  const parts = text.split('.').filter((part) => part !== '');
  const [head, body, signature] = parts;
  if (parts.length !== 3 || !head || !body || !signature || text.length > MAX_LENGTH)
    return 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections';
  const headerText = decode(head);
  if (headerText === null) return 'Jwt header is an invalid Base64url encoded';
  const header = parseObject(headerText);
  if (!header) return 'Jwt header is an invalid JSON';
  const { alg } = header;
  if (typeof alg !== 'string') return 'Jwt header [alg] field is required and must be a string';
  if (!ALGORITHMS.has(alg)) return 'Jwt header [alg] is not supported';
  const kid = own(header, 'kid');
  if (kid !== undefined && typeof kid !== 'string') return 'Jwt header [kid] field is not a string';
  const payloadText = decode(body);
  if (payloadText === null) return 'Jwt payload is an invalid Base64url encoded';
  const payload = parseObject(payloadText);
  if (!payload) return 'Jwt payload is an invalid JSON';
  const wrong = textClaim(payload, 'iss') ?? textClaim(payload, 'sub') ?? TIMES.map((t) => timeClaim(payload, t)).find(Boolean) ?? textClaim(payload, 'jti'); // biome-ignore format: one line
  if (wrong) return wrong;
  const audiences = audienceList(own(payload, 'aud'));
  if (!audiences) return 'Jwt payload [aud] field is not a string or string list';
  if (decode(signature) === null) return 'Jwt signature is an invalid Base64url encoded';
  return {
    parts: [head, body, signature],
    alg,
    kid: kid ?? '',
    payload,
    issuer: (own(payload, 'iss') as string | undefined) ?? '',
    audiences,
    notBefore: Math.floor((own(payload, 'nbf') as number | undefined) ?? 0),
    expires: Math.floor((own(payload, 'exp') as number | undefined) ?? 0),
  };
}

/** Text of base64url, with or without padding, blanks in it passed over (absl::WebSafeBase64Unescape); null: it is none. */
function decode(text: string): string | null {
  const bare = text.replace(/[ \t\r\n\f\v]+/g, '').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(bare) || bare.length % 4 === 1) return null;
  return Buffer.from(bare, 'base64url').toString('utf8');
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const textClaim = (payload: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = own(payload, name);
  return value === undefined || typeof value === 'string' ? undefined : `Jwt payload [${name}] field is not a string`;
};

const TIMES = ['iat', 'nbf', 'exp'];

const timeClaim = (payload: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = own(payload, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number') return `Jwt payload [${name}] field is not an integer`;
  return value < 0 || value >= 2 ** 64 ? `Jwt payload [${name}] field is not a positive 64 bit integer` : undefined;
};

function audienceList(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((v) => typeof v === 'string') ? (value as string[]) : undefined;
}
