// Token checks (envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication): those that the model has are Istio's, where a token that is
// there must be valid and none is needed (convertToEnvoyJwtConfig in pilot/pkg/security/authn/policy_applier.go).

import type { JwtRule } from '../../../model/index.js';
import { entries, field, list, type Node, originAt } from './node.js';
import { flag, text, texts } from './values.js';

export interface JwtRead {
  readonly rules: readonly JwtRule[];
  readonly unread: readonly string[];
}

export function jwtOf(node: Node): JwtRead {
  const providers = new Map(entries(field(node, 'providers')));
  const rules = list(node, 'rules');
  if (rules.length === 0) {
    const used = field(node, 'filter_state_rules');
    return { rules: [], unread: used ? ['tokens that a state of another filter asks for'] : [] };
  }
  const [rule] = rules;
  const names = new Set<string>();
  const everywhere =
    text(field(rule, 'match'), 'prefix') === '/' && Object.keys(field(rule, 'match')?.value ?? {}).length === 1;
  if (rules.length > 1 || !everywhere || !isOptional(field(rule, 'requires'), names))
    return { rules: [], unread: ['a token that requests need'] };
  const unread = flag(node, 'bypass_cors_preflight') ? [] : ['whether preflights need a token'];
  return { rules: [...names].flatMap((name) => jwtRule(providers.get(name), unread)), unread };
}

const MOST_DEEP = 8;

/** Whether it is satisfied without any token, and by valid ones only; collects the providers. */
function isOptional(requires: Node | undefined, names: Set<string>): boolean {
  let missing = false;
  const collect = (node: Node | undefined, depth: number): boolean => {
    if (!node || depth > MOST_DEEP) return false;
    const name = text(node, 'provider_name');
    if (name !== undefined) {
      names.add(name);
      return true;
    }
    if (field(node, 'allow_missing')) {
      missing = true;
      return true;
    }
    const parts = field(node, 'requires_any') ?? field(node, 'requires_all');
    return parts !== undefined && list(parts, 'requirements').every((part) => collect(part, depth + 1));
  };
  return collect(requires, 0) && missing;
}

function jwtRule(node: Node | undefined, unread: string[]): JwtRule[] {
  if (!node) return [];
  const local = field(node, 'local_jwks');
  const jwks = text(local, 'inline_string') ?? decoded(text(local, 'inline_bytes'));
  const uri = text(field(field(node, 'remote_jwks'), 'http_uri'), 'uri');
  const payload = text(node, 'forward_payload_header');
  if (jwks === undefined)
    unread.push(`tokens of ${text(node, 'issuer') || 'an issuer'}, whose keys are not in the configuration`);
  return [
    {
      issuer: text(node, 'issuer') ?? '',
      audiences: texts(node, 'audiences'),
      ...(jwks === undefined ? {} : { jwks }),
      ...(uri === undefined ? {} : { jwksUri: uri }),
      fromHeaders: list(node, 'from_headers').map((h) => ({
        name: text(h, 'name') ?? '',
        prefix: text(h, 'value_prefix') ?? '',
      })),
      fromParams: texts(node, 'from_params'),
      fromCookies: texts(node, 'from_cookies'),
      forwardOriginalToken: flag(node, 'forward') ?? false,
      ...(payload ? { outputPayloadToHeader: payload } : {}),
      outputClaimToHeaders: list(node, 'claim_to_headers').map((c) => ({
        header: text(c, 'header_name') ?? '',
        claim: text(c, 'claim_name') ?? '',
      })),
      spaceDelimitedClaims: texts(field(node, 'normalize_payload_in_metadata'), 'space_delimited_claims'),
      origin: originAt(node),
    },
  ];
}

const decoded = (bytes: string | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes, 'base64').toString('utf8');
