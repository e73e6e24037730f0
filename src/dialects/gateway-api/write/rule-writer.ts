// What the writers of rules are given, and what a rule is in an HTTPRoute.

import type { Engine, Route, RouteMatch, SourceMatcher } from '../../../model/index.js';
import type { Precedence } from '../features/precedence.js';
import type { BackendWriter } from './backend-refs.js';
import type { OwnWriter } from './own-writer.js';

export interface RuleWriter extends BackendWriter {
  readonly listener: { readonly port: number; readonly tls: boolean };
  readonly allowExperimental: boolean;
  /** Limits that only an EnvoyFilter has are written. */
  readonly allowEnvoyFilter: boolean;
  /** Istio's objects stand beside the standard's: external authentication is asked, destinations have their settings. */
  readonly extended: boolean;
  /** The Gateway names who signs the certificates of clients (`spec.tls.frontend`). */
  readonly namesAuthority: boolean;
  /** Redirects that take a slash off the end of the path: for which paths they do. */
  readonly unslashed?: ReadonlyMap<Route, readonly string[]>;
  /** Kinds of the implementation's own. */
  readonly own?: OwnWriter | undefined;
  /** Of the source. */
  readonly engine: Engine;
  /** Which of two matches is tried first. */
  readonly precedence: Precedence;
  /** Address checks of rules, by their matches. */
  readonly checks?: ReadonlyMap<RouteMatch, readonly SourceMatcher[]>;
}

export type RuleBody = Readonly<Record<string, unknown>>;
