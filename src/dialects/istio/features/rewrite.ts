// Changes of path and host on the way to the destination: applyHTTPRouteDestination in
// pilot/pkg/networking/core/route/route.go; what a prefix_rewrite does after which match: Envoy's route docs.

import type { PathRewrite, Rewrite, StringMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { type Field, objectOf, stringOf } from '../../../resources/fields.js';

/** A prefix is replaced where a prefix was matched; after an exact path or a pattern the whole path is. */
export const replacePrefix = (match: StringMatcher | undefined, to: string): PathRewrite =>
  match?.kind === 'prefix' || match?.kind === 'segment-prefix'
    ? { kind: 'prefix', from: match.value, to }
    : { kind: 'full', to: plainTemplate(to) };

export interface HostAndPath {
  /** `rewrite.authority`, which beats everything else. */
  readonly authority: string;
  path(match: StringMatcher | undefined): PathRewrite | undefined;
  readonly origin?: Rewrite['origin'];
}

const UNCHANGED: HostAndPath = { authority: '', path: () => undefined };

export function readRewrite(field: Field | undefined): HostAndPath {
  if (!field) return UNCHANGED;
  const value = objectOf(field.value) ?? {};
  const uri = stringOf(value.uri) ?? '';
  const pattern = objectOf(value.uriRegexRewrite);
  return {
    authority: stringOf(value.authority) ?? '',
    path(match) {
      if (pattern) {
        return {
          kind: 'regex',
          pattern: stringOf(pattern.match) ?? '',
          substitution: stringOf(pattern.rewrite) ?? '',
          all: true,
        };
      }
      return uri === '' ? undefined : replacePrefix(match, uri);
    },
    origin: field.origin,
  };
}
