// What the policies of a gateway did with a request, explained: which let it pass and by which rule, which refused it.

import type { HttpPolicies, TokenOutcome, TraceStep } from '../../model/index.js';
import type { Place } from '../place.js';
import type { RequestView } from '../request-view.js';
import { authorize, firstMatch, refusalText, ruleNumber } from './authorize.js';
import { compiledOf, rateLimitText, subjectOf, tokenRefusalText } from './index.js';

/** `view`: the request after its tokens were checked. */
export function policySteps(
  policies: HttpPolicies,
  token: TokenOutcome | undefined,
  view: RequestView,
  at: Place,
): TraceStep[] {
  const steps: TraceStep[] = (policies.rateLimits ?? []).map((limit) => ({
    step: 'policy',
    outcome: 'info',
    text: rateLimitText(limit),
    ...at(limit.origin),
  }));
  if (policies.authentication.length > 0) {
    const [outcome, text] = tokenText(token);
    const rule = policies.authentication.find((r) => r.issuer === token?.claims?.iss) ?? policies.authentication[0];
    steps.push({ step: 'policy', outcome, text, ...at(token?.refusal?.origin ?? rule?.origin) });
    if (token?.refusal) return steps;
  }
  if (policies.authorization.length === 0) return steps;
  const compiled = compiledOf(policies);
  const subject = subjectOf(view);
  const refused = authorize(compiled, subject);
  if (refused) {
    const { origin } = refused.rule ?? refused.policy;
    return [...steps, { step: 'policy', outcome: 'rejected', text: refusalText(refused), ...at(origin) }];
  }
  const allowed = firstMatch(compiled.allow, subject);
  if (allowed) {
    const text = `AuthorizationPolicy ${allowed.policy.namespace}/${allowed.policy.name} (rule ${ruleNumber(allowed.rule)}) allows it`;
    steps.push({ step: 'policy', outcome: 'applied', text, ...at(allowed.rule.origin) });
  } else steps.push({ step: 'policy', outcome: 'info', text: 'no AuthorizationPolicy denies it' });
  return steps;
}

function tokenText(token: TokenOutcome | undefined): [TraceStep['outcome'], string] {
  if (token?.refusal) return ['rejected', tokenRefusalText(token.refusal)];
  if (token?.claims) return ['applied', `the token is valid: issuer ${token.claims.iss}, subject ${token.claims.sub}`];
  return ['info', 'the request carries no token'];
}
