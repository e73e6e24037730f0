// Values that several middlewares check: durations, statuses, whose requests count as one client's.

import { isObject, type Json, type JsonObject } from '../../../model/index.js';
import { booleanOf, numberOf, objectOf, signedDurationMsOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import { isAddress } from '../rules/literals.js';

/** A duration of Go, or a number of seconds, in ms; undefined: none of them (github.com/traefik/paerser, types/duration.go). */
export function timeMsOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value * 1000;
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) * 1000 : signedDurationMsOf(value);
}

/** NewHTTPCodeRanges in pkg/types/http_code_range.go: of several dashes the first counts. @throws Disabled */
export function statusRangeOf(text: string): readonly [from: number, to: number] {
  const [from = '', to = from] = text.split('-');
  for (const code of [from, to]) if (!/^[+-]?\d+$/.test(code)) throw new Disabled(`${text} is no range of statuses`);
  return [Number(from), Number(to)];
}

/** IPStrategy.Get in pkg/config/dynamic/middlewares.go. @throws Disabled */
export function checkStrategy(strategy: JsonObject): void {
  const deep = (numberOf(strategy.depth) ?? 0) > 0;
  const excluded = deep ? [] : stringsOf(strategy.excludedIPs);
  for (const range of excluded) if (!isAddress(range)) throw new Disabled(`${range} is no address and no range`);
  const bits = numberOf(strategy.ipv6Subnet);
  if (excluded.length === 0 && bits !== undefined && (bits <= 0 || bits > 128))
    throw new Disabled(`ipv6Subnet is ${bits}; it must be between 1 and 128`);
}

/** GetSourceExtractor in pkg/middlewares/extractor.go. @throws Disabled */
export function checkCriterion(written: Json | undefined): void {
  const criterion = objectOf(written) ?? {};
  const named = [
    ...(isObject(criterion.ipStrategy) ? ['ipStrategy'] : []),
    ...(stringOf(criterion.requestHeaderName) ? ['requestHeaderName'] : []),
    ...(booleanOf(criterion.requestHost) ? ['requestHost'] : []),
  ];
  if (named.length > 1) throw new Disabled(`sourceCriterion has ${named.join(' and ')}, and only one may be there`);
  if (isObject(criterion.ipStrategy)) checkStrategy(criterion.ipStrategy);
}
