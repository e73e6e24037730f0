// Checks the tokens of a request against the rules of a gateway, before the request is decided: what Envoy's jwt_authn
// filter does with the requirement that Istio writes (convertToEnvoyJwtConfig in pilot/pkg/security/authn/policy_applier.go,
// Istio source of 2026-08-22; verifier.cc and authenticator.cc in source/extensions/filters/http/jwt_authn, Envoy 1.40):
// of one rule "valid or missing"; of several "one is valid, or each is valid or missing".

import type { GatewayRequest, JwtRule, TokenOutcome } from '../model/index.js';
import { claimsSeen, claimText } from './claims.js';
import { verifySignature } from './keys.js';
import { type FoundToken, findTokens, TokenRequest } from './locations.js';
import { parseToken, type Token } from './parse.js';

type Status = 'ok' | 'missing' | 'unknown-issuer' | { readonly refused: string; readonly rule: JwtRule };

/** Envoy's tolerance for `exp` and `nbf`, seconds. */
const CLOCK_SKEW = 60;
const UNKNOWN_ISSUER = 'Jwt issuer is not configured';
const WRONG_AUDIENCE = 'Audiences in Jwt are not allowed';

/** `now` in ms since the epoch. Rejects never; without rules nothing is looked at. */
export async function verifyTokens(
  rules: readonly JwtRule[],
  request: GatewayRequest,
  now: number,
): Promise<TokenOutcome> {
  if (rules.length === 0) return {};
  const check = new Check(request, Math.floor(now / 1000));
  check.sanitize(rules);
  // A preflight has no credentials (bypass_cors_preflight).
  if (check.isPreflight()) return check.outcome();
  const status = await check.requirement(rules);
  if (status === 'ok' || status === 'missing') return check.outcome();
  const refused = status === 'unknown-issuer' ? { refused: UNKNOWN_ISSUER, rule: rules[0]! } : status;
  return {
    ...check.outcome(),
    refusal: {
      status: refused.refused === WRONG_AUDIENCE ? 403 : 401,
      body: refused.refused,
      origin: refused.rule.origin,
      ...whyRefused(refused.refused, refused.rule, rules),
    },
  };
}

/** What the body does not tell. */
function whyRefused(body: string, { issuer, jwks, jwksUri }: JwtRule, rules: readonly JwtRule[]): { why?: string } {
  if (body === UNKNOWN_ISSUER)
    return { why: `there are rules for ${rules.map((r) => r.issuer || 'any issuer').join(', ')}` };
  // The form of a token is checked before its keys are asked for.
  const isAboutKeys = jwks === undefined && /verification fails|jwks/i.test(body);
  return isAboutKeys
    ? { why: `the keys of ${issuer} are not in the files: --jwks ${jwksUri ?? issuer}=FILE gives them` }
    : {};
}

class Check {
  readonly #request: TokenRequest;
  readonly #method: string;
  readonly #now: number;
  /** Of the token that was verified last. */
  #claims: Readonly<Record<string, unknown>> | undefined;

  constructor(request: GatewayRequest, now: number) {
    this.#request = new TokenRequest(request);
    this.#method = request.method;
    this.#now = now;
  }

  /**
   * Headers that a rule writes do not come from a client, nor from a rule that was tried before: done for all rules at the
   * beginning, whatever comes of it, and for each when it is tried (asked of Envoy 1.40).
   */
  sanitize(rules: readonly JwtRule[]): void {
    for (const rule of rules)
      for (const name of [rule.outputPayloadToHeader, ...rule.outputClaimToHeaders.map((o) => o.header)])
        if (name) this.#request.removeHeader(name);
  }

  isPreflight(): boolean {
    const sent = (name: string) => (this.#request.lines(name)[0] ?? '') !== '';
    return this.#method === 'OPTIONS' && sent('origin') && sent('access-control-request-method');
  }

  outcome(): TokenOutcome {
    const { edits, changedPath } = this.#request;
    return {
      ...(this.#claims ? { claims: this.#claims } : {}),
      ...(edits.length > 0 ? { requestHeaders: edits } : {}),
      ...(changedPath === undefined ? {} : { path: changedPath }),
    };
  }

  async requirement(rules: readonly JwtRule[]): Promise<Status> {
    const [only] = rules;
    if (rules.length === 1 && only) return this.#rule(only);
    const failures: Status[] = [];
    for (const rule of rules) {
      const status = await this.#rule(rule);
      if (status === 'ok') return status;
      failures.push(status);
    }
    const all = await this.#all(rules);
    return all === 'ok' ? all : gravest([...failures, all]);
  }

  /** Each is valid or missing; the first that is not decides. */
  async #all(rules: readonly JwtRule[]): Promise<Status> {
    for (const rule of rules) {
      const status = await this.#rule(rule);
      if (status !== 'ok' && status !== 'missing') return status;
    }
    return 'ok';
  }

  /** All tokens in the places of a rule have to be valid. */
  async #rule(rule: JwtRule): Promise<Status> {
    this.sanitize([rule]);
    const tokens = findTokens(rule, this.#request);
    if (tokens.length === 0) return 'missing';
    for (const token of tokens.reverse()) {
      const status = await this.#token(token, rule);
      if (status !== 'ok') return status;
    }
    return 'ok';
  }

  async #token(found: FoundToken, rule: JwtRule): Promise<Status> {
    const token = parseToken(found.text);
    if (typeof token === 'string') return { refused: token, rule };
    if (rule.issuer !== '' && token.issuer !== rule.issuer) return 'unknown-issuer';
    const refused = this.#untimely(token) ?? wrongAudience(token, rule) ?? (await verifySignature(token, rule));
    if (refused !== undefined) return { refused, rule };
    this.#accept(found, token, rule);
    return 'ok';
  }

  #untimely({ notBefore, expires }: Token): string | undefined {
    if (this.#now + CLOCK_SKEW < notBefore) return 'Jwt not yet valid';
    return expires !== 0 && this.#now > expires + CLOCK_SKEW ? 'Jwt is expired' : undefined;
  }

  #accept(found: FoundToken, token: Token, rule: JwtRule): void {
    if (rule.outputPayloadToHeader) this.#request.addHeader(rule.outputPayloadToHeader, token.parts[1]);
    for (const { header, claim } of rule.outputClaimToHeaders) {
      const text = claimText(token.payload, claim);
      if (text !== undefined) this.#request.addHeader(header, text);
    }
    if (!rule.forwardOriginalToken) found.remove(this.#request);
    this.#claims = claimsSeen(token.payload, rule);
  }
}

/** A real failure says more than an issuer that is not this rule's, and that more than no token. */
function gravest(statuses: readonly Status[]): Status {
  let final: Status = 'missing';
  for (const status of statuses) if (typeof status === 'object' || final === 'missing') final = status;
  return final;
}

function wrongAudience({ audiences }: Token, rule: JwtRule): string | undefined {
  if (rule.audiences.length === 0) return undefined;
  const allowed = new Set(rule.audiences.map(bareAudience));
  return audiences.some((a) => allowed.has(bareAudience(a))) ? undefined : WRONG_AUDIENCE;
}

/** Without scheme and the last slash (source/common/jwt/check_audience.cc). */
const bareAudience = (audience: string): string => audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
