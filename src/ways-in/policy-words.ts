// Policies of a filter chain in a few words each.

import { type FilterChain, formatResource, type HttpPolicies, type L4Policies } from '../model/index.js';

export function policyWords({ policies }: Pick<FilterChain, 'policies'>): string[] {
  if (!policies) return [];
  const { authentication, rateLimits } = { authentication: [], rateLimits: [], ...httpOnly(policies) };
  return [
    ...authentication.map((rule) => `token of ${rule.issuer} (${formatResource(rule.origin.resource)})`),
    ...policies.authorization.map(
      (p) => `${p.action}${p.dryRun ? ' (dry run)' : ''} (AuthorizationPolicy ${p.namespace}/${p.name})`,
    ),
    ...rateLimits.map(
      (limit) =>
        `at most ${limit.maxTokens} requests, ${limit.tokensPerFill} more every ${limit.fillIntervalMs} ms, else ${limit.status} (${formatResource(limit.origin.resource)})`,
    ),
  ];
}

const httpOnly = (policies: HttpPolicies | L4Policies): Partial<HttpPolicies> =>
  'authentication' in policies ? policies : {};
