import type { Json, JsonObject } from '../../../model/index.js';
import { httpRule, virtualService } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { isClaimHeader, object } from '../values.js';
import { onGatewaysOnly, REFUSED } from './shared.js';

function claimHeaders(value: Json, spec: JsonObject): Problem[] {
  if (onGatewaysOnly(spec)) return [];
  return Object.keys(object(value))
    .filter(isClaimHeader)
    .map((name) => ({
      message: `routing by the claim ${name} works on gateways only; this VirtualService is for the mesh`,
      path: [name],
    }));
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0404',
      name: 'claim-routing-on-mesh',
      title: 'Routing by token claims outside a gateway',
      docs: () => ({
        happens: REFUSED,
        instead: 'A VirtualService that is bound to gateways only.',
        bad: httpRule(
          'match:\n- headers:\n    "@request.auth.claims.group": {exact: admin}\nroute:\n- destination: {host: shop}',
        ),
        good: virtualService(
          'hosts: [shop.example.com]\ngateways: [default/shop]\nhttp:\n- match:\n  - headers:\n      "@request.auth.claims.group": {exact: admin}\n  route:\n  - destination: {host: shop}',
        ),
      }),
    },
    at(VIRTUAL_SERVICE, ['spec.http[].match[].headers', 'spec.http[].match[].withoutHeaders'], (value, { spec }) =>
      claimHeaders(value, spec),
    ),
  ),
];
