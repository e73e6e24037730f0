// What a router tries one by one.

import type { HeaderMatcher, StringMatcher } from '../../../model/index.js';
import type { KongPath, KongRoute } from '../entities.js';

/** A route, or the part of it that has one place in the order. */
export interface Entry {
  readonly route: KongRoute;
  /** Any of them matches, the first that does counts; none: every path. */
  readonly paths: readonly KongPath[];
  /** Real Kong's place of it depends on how the code was compiled. */
  readonly unreliable?: true;
  /** It stands at this place for a part of its requests only. */
  readonly only?: { readonly path?: StringMatcher; readonly headers?: readonly HeaderMatcher[] };
}

/** Lua counts bytes. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

export const isWildcard = (host: string): boolean => host.includes('*');
