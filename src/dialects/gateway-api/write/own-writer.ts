// What an implementation writes in kinds of its own, where the standard has no field. Specs stand inside of rules until they get names
// (`placed`), so that rules that do the same stay together.

import type {
  Condition,
  DirectResponse,
  EffectiveGateway,
  HeaderOps,
  PathRewrite,
  Route,
  SourceMatcher,
} from '../../../model/index.js';
import type { KubeObject } from './gateway-object.js';
import type { Place } from './gateway-place.js';
import type { Filter } from './header-filters.js';
import type { ListenerDraft } from './listeners.js';
import type { Report } from './report.js';

/** Specs of policies for one rule, by kind. */
export type RulePolicies = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface OwnWriter {
  /** A path that is rewritten by a pattern; undefined: nor can this. */
  rewrite(path: PathRewrite): Filter | undefined;
  /** A host that is a header of the request. */
  hostFrom(host: string): Filter | undefined;
  /** A host for one of several backends; absent: a header modifier that sets Host. */
  hostOfBackend?(host: string): Filter;
  /** An answer without a destination. */
  answer(action: DirectResponse, headers: HeaderOps | undefined): Filter | undefined;
  /** A check that it writes, or says by itself what it is worth; false: not its own. */
  takes(condition: Condition, report: Report): boolean;
  /** Address checks that a rule may have: all of them have to let a client pass. False: not together. */
  canCheck(checks: readonly SourceMatcher[]): boolean;
  /** Policies of a rule; undefined: none. What they do otherwise is noted. */
  policies(route: Route, checks: readonly SourceMatcher[], report: Report): RulePolicies | undefined;
  /** The routes with names in place of specs, and the objects that have these names. `moved`: the rule that stands in the place of one. */
  placed(
    routes: readonly KubeObject[],
    place: Place,
  ): { readonly objects: readonly KubeObject[]; readonly moved: ReadonlyMap<object, object> };
  /** What the Gateway itself needs. */
  besideGateway(gateway: EffectiveGateway, drafts: readonly ListenerDraft[], place: Place): readonly KubeObject[];
}
