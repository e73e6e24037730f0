// One HTTPMatchRequest of a VirtualService, read but not yet turned into predicates.

import type { Json, JsonObject, Origin } from '../../../model/index.js';
import { at, numberOf, objectOf, stringMapOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { MatchConfig, StringMatch } from '../config.js';
import { gatewayName } from './gateway-names.js';

export function readMatch(match: JsonObject, origin: Origin): MatchConfig {
  const one = (key: 'uri' | 'scheme' | 'method' | 'authority') => {
    const value = match[key];
    return value === undefined || value === null ? {} : { [key]: readStringMatch(value, at(origin, key)) };
  };
  const many = (key: string): ReadonlyMap<string, StringMatch> =>
    new Map(
      Object.entries(objectOf(match[key]) ?? {}).map(([name, value]) => [
        name,
        readStringMatch(value, at(origin, key, name)),
      ]),
    );
  return {
    name: stringOf(match.name) ?? '',
    ...one('uri'),
    ...one('scheme'),
    ...one('method'),
    ...one('authority'),
    headers: many('headers'),
    withoutHeaders: many('withoutHeaders'),
    queryParams: many('queryParams'),
    ignoreUriCase: match.ignoreUriCase === true,
    port: numberOf(match.port) ?? 0,
    sourceLabels: stringMapOf(match.sourceLabels),
    sourceNamespace: stringOf(match.sourceNamespace) ?? '',
    gateways: stringsOf(match.gateways).map((g) => gatewayName(g, origin.resource.namespace)),
    origin,
  };
}

export function readStringMatch(value: Json, origin: Origin): StringMatch {
  const object = objectOf(value) ?? {};
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const text = stringOf(object[kind]);
    if (text !== undefined) return { kind, value: text, origin };
  }
  return { kind: 'unset', value: '', origin };
}
