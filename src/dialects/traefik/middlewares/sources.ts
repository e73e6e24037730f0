// IPAllowList (and its older name IPWhiteList): pkg/middlewares/ipallowlist. Whose address counts: pkg/ip/strategy.go.

import { isObject, type SourceMatcher } from '../../../model/index.js';
import { numberOf, objectOf, stringsOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import { isAddress } from '../rules/literals.js';
import { answerRoute, type Flow } from './flow.js';
import type { Kind } from './middleware.js';
import { STATUS_TEXT } from './status-text.js';
import { checkStrategy } from './values.js';

export const allowList: Kind = (spec, origin, _middleware, { verdicts }) => {
  const cidrs = stringsOf(spec.sourceRange);
  if (cidrs.length === 0) throw new Disabled('sourceRange is empty');
  const status = numberOf(spec.rejectStatusCode) || 403;
  if (!STATUS_TEXT.has(status)) throw new Disabled(`there is no status ${status}`);
  for (const cidr of cidrs) if (!isAddress(cidr)) throw new Disabled(`${cidr} is no address and no range`);
  const strategy = objectOf(spec.ipStrategy) ?? {};
  checkStrategy(strategy);
  const depth = numberOf(strategy.depth) ?? 0;
  const excluded = stringsOf(strategy.excludedIPs);
  const claimed = isObject(spec.ipStrategy) && (depth > 0 || excluded.length > 0);
  const outside: SourceMatcher = { cidrs, invert: true, address: 'peer', origin };
  return (flow, { entryPoint }, next) => {
    const rejected = (of: Flow) => answerRoute(of, { kind: 'direct-response', status, body: STATUS_TEXT.get(status)! });
    // No address is trusted: X-Forwarded-For is gone when it is looked at, and an empty address is on no list.
    if (claimed && entryPoint.trusted.length === 0) {
      verdicts.note(
        'traefik-depth',
        { ...origin, path: [...origin.path, 'ipStrategy'] },
        `the entry point ${entryPoint.name} trusts no address (forwardedHeaders.trustedIPs): X-Forwarded-For is gone when it is looked at, and everybody is answered ${status}`,
      );
      return [rejected(flow)];
    }
    return [rejected({ ...flow, source: [...flow.source, outside] }), ...next(flow)];
  };
};
