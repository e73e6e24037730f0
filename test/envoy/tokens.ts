// Keys and tokens for tests: good ones, and one for everything that can be wrong with a token.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface TokenPool {
  /** JSON Web Key Sets as a RequestAuthentication has them inline, by name. */
  readonly keySets: Readonly<Record<string, string>>;
  readonly tokens: readonly { readonly name: string; readonly text: string }[];
}

type Claims = Record<string, unknown>;
const base64 = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url'); // biome-ignore format: one line

export async function tokenPool(now = Date.now()): Promise<TokenPool> {
  const seconds = Math.floor(now / 1000);
  const pair = (alg: string) => generateKeyPair(alg, { extractable: true });
  const [rsa, other, ec, ed] = await Promise.all([pair('RS256'), pair('RS256'), pair('ES256'), pair('EdDSA')]);
  const secret = Buffer.from('0123456789abcdef0123456789abcdef');
  const jwk = async (key: Parameters<typeof exportJWK>[0], more: object) => ({ ...(await exportJWK(key)), ...more });
  const k1 = await jwk(rsa.publicKey, { kid: 'k1', alg: 'RS256', use: 'sig' });
  const anyRsa = await jwk(rsa.publicKey, {});
  const k2 = await jwk(ec.publicKey, { kid: 'k2' });
  const k3 = await jwk(ed.publicKey, { kid: 'k3' });
  const k4 = { kty: 'oct', k: secret.toString('base64url'), kid: 'k4', alg: 'HS256' };
  const set = (...keys: object[]) => JSON.stringify({ keys });

  const good: Claims = { iss: 'issuer@a', sub: 'alice', aud: 'aud1', exp: seconds + 3_000_000_000 };
  type Signing = Parameters<SignJWT['sign']>[0];
  const sign = (
    claims: Claims,
    header: { alg: string; kid?: string } = { alg: 'RS256', kid: 'k1' },
    key: Signing = rsa.privateKey,
  ) => new SignJWT(claims).setProtectedHeader(header).sign(key);
  const tokens: Record<string, Promise<string> | string> = {
    good: sign(good),
    admin: sign({
      ...good,
      sub: 'bob',
      group: 'admin',
      aud: ['aud2', 'x'],
      scope: 'read write',
      n: 12,
      f: 1.5,
      yes: true,
    }),
    lists: sign({
      ...good,
      group: ['dev', 'admin'],
      nested: { role: 'admin', roles: ['a', 'b'] },
      scope: ['read'],
      one: { x: 'é' },
    }),
    b: sign({ ...good, iss: 'issuer@b', sub: 'carl', azp: 'client', permission: 'x  y' }),
    noSubject: sign({ iss: 'issuer@a', group: 'admin' }),
    noIssuer: sign({ sub: 'alice', aud: 'aud1' }),
    otherIssuer: sign({ ...good, iss: 'issuer@z' }),
    expired: sign({ ...good, exp: seconds - 3600 }),
    justExpired: sign({ ...good, exp: seconds - 20 }),
    notYet: sign({ ...good, nbf: seconds + 3600 }),
    almost: sign({ ...good, nbf: seconds + 30 }),
    wrongAudience: sign({ ...good, aud: ['nobody'] }),
    urlAudience: sign({ ...good, aud: 'https://aud1/' }),
    noAudience: sign({ iss: 'issuer@a', sub: 'alice' }),
    wrongKey: sign(good, { alg: 'RS256', kid: 'k1' }, other.privateKey),
    wrongKid: sign(good, { alg: 'RS256', kid: 'nope' }),
    noKid: sign(good, { alg: 'RS256' }),
    ps: sign(good, { alg: 'PS256' }, await importAs(rsa.privateKey, 'PS256')),
    ec: sign({ ...good, group: 'ec' }, { alg: 'ES256', kid: 'k2' }, ec.privateKey),
    ed: sign({ ...good, group: 'ed' }, { alg: 'EdDSA', kid: 'k3' }, ed.privateKey),
    hmac: sign({ ...good, group: 'hmac' }, { alg: 'HS256', kid: 'k4' }, secret),
    none: `${base64({ alg: 'none' })}.${base64(good)}.${base64('x')}`,
    noneUnsigned: `${base64({ alg: 'none' })}.${base64(good)}.`,
    noAlg: `${base64({ kid: 'k1' })}.${base64(good)}.${base64('x')}`,
    numberKid: `${base64({ alg: 'RS256', kid: 1 })}.${base64(good)}.${base64('x')}`,
    badHeader: `!!!.${base64(good)}.${base64('x')}`,
    badHeaderJson: `${base64('{"alg":')}.${base64(good)}.${base64('x')}`,
    badPayloadJson: `${base64({ alg: 'RS256' })}.${base64('[1]')}.${base64('x')}`,
    badPayload: `${base64({ alg: 'RS256' })}.a*b.${base64('x')}`,
    badSignature: `${base64({ alg: 'RS256' })}.${base64(good)}.a*b`,
    issNumber: `${base64({ alg: 'RS256' })}.${base64({ ...good, iss: 7 })}.${base64('x')}`,
    expText: `${base64({ alg: 'RS256' })}.${base64({ ...good, exp: 'soon' })}.${base64('x')}`,
    expNegative: `${base64({ alg: 'RS256' })}.${base64({ ...good, exp: -1 })}.${base64('x')}`,
    audNumber: `${base64({ alg: 'RS256' })}.${base64({ ...good, aud: [1] })}.${base64('x')}`,
    garbage: 'garbage',
    twoParts: 'a.b',
    fourParts: 'a.b.c.d',
  };
  return {
    keySets: {
      one: set(k1),
      all: set(k1, k2, k3, k4),
      loose: set(anyRsa, { ...k2, kid: undefined }),
      two: set(k2, k1),
      empty: '{"keys":[]}',
    },
    tokens: await Promise.all(Object.entries(tokens).map(async ([name, text]) => ({ name, text: await text }))),
  };
}

/** The same key for another algorithm. */
async function importAs(key: Parameters<typeof exportJWK>[0], alg: string) {
  const { importJWK } = await import('jose');
  return importJWK(await exportJWK(key), alg);
}
