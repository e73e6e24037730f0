// One HTTPMatchRequest of a VirtualService, read but not yet turned into predicates.

import { type Json, type JsonObject, type Origin, own } from '../../../model/index.js';
import { at, numberOf, objectOf, stringMapOf, stringOf, stringsOf } from '../../../resources/fields.js';
import type { MatchConfig, NamedMatch, StringMatch } from '../config.js';
import { gatewayName } from './gateway-names.js';

const NONE: readonly NamedMatch[] = [];
const NO_LABELS: MatchConfig['sourceLabels'] = {};
const NO_GATEWAYS: readonly string[] = [];

export function readMatch(match: JsonObject, origin: Origin): MatchConfig {
  const one = (key: 'scheme' | 'method' | 'authority'): StringMatch | undefined => {
    const value = match[key];
    return value === undefined || value === null ? undefined : readStringMatch(value, at(origin, key));
  };
  const many = (key: 'headers' | 'withoutHeaders' | 'queryParams'): readonly NamedMatch[] => {
    const map = objectOf(match[key]);
    if (!map) return NONE;
    return Object.keys(map).map((name) => {
      const { kind, value } = readStringMatch(own(map, name) ?? null, origin);
      return { name, kind, value, origin: at(origin, key, name) };
    });
  };
  return {
    name: stringOf(match.name) ?? '',
    uri: objectOf(match.uri) && readStringMatch(match.uri ?? null, origin),
    scheme: one('scheme'),
    method: one('method'),
    authority: one('authority'),
    headers: many('headers'),
    withoutHeaders: many('withoutHeaders'),
    queryParams: many('queryParams'),
    ignoreUriCase: match.ignoreUriCase === true,
    port: numberOf(match.port) ?? 0,
    sourceLabels: match.sourceLabels === undefined ? NO_LABELS : stringMapOf(match.sourceLabels),
    sourceNamespace: stringOf(match.sourceNamespace) ?? '',
    gateways:
      match.gateways === undefined
        ? NO_GATEWAYS
        : stringsOf(match.gateways).map((g) => gatewayName(g, origin.resource.namespace)),
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
