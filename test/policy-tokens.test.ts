// What a gateway says about a token: each thing that can be wrong with one, and that nothing a client sends makes the check fail.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GatewayRequest, JwtRule } from '../src/model/index.js';
import { verifyTokens } from '../src/tokens/index.js';
import { tokenPool } from './envoy/tokens.js';

const NOW = Date.UTC(2026, 10, 22);
const pool = await tokenPool(NOW);
const tokenOf = (name: string) => pool.tokens.find((t) => t.name === name)!.text;

const rule = (more: Partial<JwtRule> = {}): JwtRule => ({
  issuer: 'issuer@a',
  audiences: [],
  jwks: pool.keySets.all!,
  fromHeaders: [],
  fromParams: [],
  fromCookies: [],
  forwardOriginalToken: false,
  outputClaimToHeaders: [],
  spaceDelimitedClaims: ['permission', 'scope'],
  origin: { resource: {} as never, path: [] },
  ...more,
});

const request = (more: Partial<GatewayRequest> = {}): GatewayRequest => ({
  port: 80,
  scheme: 'http',
  method: 'GET',
  host: 'a.example.com',
  path: '/',
  ...more,
});

const bearer = (name: string) => request({ headers: { authorization: `Bearer ${tokenOf(name)}` } });

describe('tokens', () => {
  test('each is valid, or refused in the words of Envoy', async () => {
    const rules = [rule({ audiences: ['aud1', 'aud2'] })];
    const lines: string[] = [];
    for (const { name } of pool.tokens) {
      const { refusal, claims } = await verifyTokens(rules, bearer(name), NOW);
      lines.push(`${name}: ${refusal ? `${refusal.status} ${refusal.body}` : `subject ${claims?.sub}`}`);
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../fixtures/tokens/expected.txt');
    expect(lines.length).toBeGreaterThan(30);
  });

  test('claims and payload go into headers, the token stays only where it is forwarded', async () => {
    const output = rule({
      outputPayloadToHeader: 'x-payload',
      outputClaimToHeaders: [
        { header: 'x-sub', claim: 'sub' },
        { header: 'x-n', claim: 'n' },
        { header: 'x-none', claim: 'a.b' },
      ],
    });
    const sent = request({ headers: { Authorization: `Bearer ${tokenOf('admin')}`, 'X-Sub': 'forged' } });
    const { requestHeaders, claims } = await verifyTokens([output], sent, NOW);
    expect(requestHeaders).toEqual([
      { op: 'remove', name: 'x-sub', value: '' },
      { op: 'set', name: 'x-payload', value: tokenOf('admin').split('.')[1] },
      { op: 'set', name: 'x-sub', value: 'bob' },
      { op: 'set', name: 'x-n', value: '12' },
      { op: 'remove', name: 'authorization', value: '' },
    ]);
    expect(claims?.scope).toEqual(['read', 'write']);
    const forwarded = await verifyTokens([rule({ forwardOriginalToken: true })], sent, NOW);
    expect(forwarded.requestHeaders).toBeUndefined();
  });

  test('a token in a parameter leaves with it', async () => {
    const path = `/a?b=%41&access_token=${tokenOf('good')}&a=1`;
    expect((await verifyTokens([rule()], request({ path }), NOW)).path).toBe('/a?a=1&b=A');
  });

  test('several rules: one that is valid is enough, each may be missing, a bad one is not', async () => {
    const rules = [rule(), rule({ issuer: 'issuer@b', fromHeaders: [{ name: 'x-jwt', prefix: '' }] })];
    const both = (a: string, b: string) =>
      request({ headers: { authorization: `Bearer ${tokenOf(a)}`, 'x-jwt': tokenOf(b) } });
    expect((await verifyTokens(rules, request(), NOW)).refusal).toBeUndefined();
    expect((await verifyTokens(rules, both('good', 'b'), NOW)).claims?.sub).toBe('alice');
    expect((await verifyTokens(rules, both('expired', 'b'), NOW)).claims?.sub).toBe('carl');
    expect((await verifyTokens(rules, both('expired', 'garbage'), NOW)).refusal?.status).toBe(401);
  });

  test('a preflight is let through, but for headers that only the gateway writes', async () => {
    const headers = {
      origin: 'http://o',
      'access-control-request-method': 'GET',
      authorization: 'Bearer x',
      'x-sub': 'forged',
    };
    const output = rule({ outputClaimToHeaders: [{ header: 'x-sub', claim: 'sub' }] });
    expect(await verifyTokens([output], request({ method: 'OPTIONS', headers }), NOW)).toEqual({
      requestHeaders: [{ op: 'remove', name: 'x-sub', value: '' }],
    });
  });

  test('nothing that a client sends makes it throw, or takes long', async () => {
    const rules = [rule({ fromCookies: ['s'], fromParams: ['t'], fromHeaders: [{ name: 'x', prefix: 'P' }] }), rule()];
    const text = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...pool.tokens.map((t) => t.text)));
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (a, b, c, d) => {
        const headers = { authorization: `Bearer ${a}.${b}.${c}`, x: `P${b}`, cookie: `s=${d};${c}` };
        const outcome = await verifyTokens(rules, request({ path: `/?t=${d}&%`, headers }), NOW);
        expect(outcome.refusal?.body ?? 'none').not.toBe('');
      }),
      { numRuns: 300, seed: 1 },
    );
    const deep = Buffer.from(`${'['.repeat(20_000)}`).toString('base64url');
    const began = performance.now();
    for (const bad of [`${deep}.${deep}.x`, '.'.repeat(60_000), `${'a'.repeat(3_000_000)}.b.c`, ' '.repeat(100_000)])
      await verifyTokens(rules, request({ headers: { authorization: `Bearer ${bad}`, cookie: `s=${bad}` } }), NOW);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
