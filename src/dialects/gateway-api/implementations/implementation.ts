// What an implementation of the Gateway API adds to the standard's text: how it reads what the text leaves open or what it reads
// otherwise, whose data plane answers, and which objects beside the standard's count.

import type { GatewayPolicies } from '../../../implementations/istio/policies.js';
import type {
  Delivery,
  EffectiveGateway,
  Engine,
  Json,
  Origin,
  PathRewrite,
  Resource,
  VirtualHost,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { ReadOptions } from '../../dialect.js';
import type { Matched } from '../features/http-match.js';
import type { GatewayListener } from '../features/listener.js';
import type { OwnKinds } from '../features/own-kinds.js';
import type { Precedence } from '../features/precedence.js';
import type { SurveyedRoute } from '../features/surveyed-route.js';
import type { OwnWriter } from '../write/own-writer.js';

/** What of a Gateway further objects are asked for. */
export interface GatewayParts {
  readonly resource: Resource;
  readonly programmed: readonly GatewayListener[];
}

export interface Implementation extends OwnKinds {
  readonly name: NonNullable<ReadOptions['implementation']>;
  readonly engine: Engine;
  /** The class of Gateways that are written for it; absent: somebody has to name it. */
  readonly className?: string;
  /** Whose DestinationRules, services and policies count, and are written beside the standard's kinds; absent: nobody's. */
  readonly controlPlane?: 'istio';
  /** What is written in kinds of its own; absent: nothing. */
  readonly own?: OwnWriter;
  /** What a rule that cannot be used costs: its own requests get an error, or the route is not programmed. */
  readonly invalidRule: 'rule' | 'route';
  /** Which of two matches is tried first. */
  readonly precedence: Precedence;
  /** Of rules that say nothing of retries; absent, or undefined: none. */
  retries?(catalog: Catalog): Delivery['retries'];
  /** Timeouts and retries of a rule; absent: as `features/delivery.ts` has them. */
  delivery?(rule: Json, origin: Origin): Delivery | undefined;
  /** The hosts of listeners that share one port, with their routes in order. `siblings`: all listeners of the Gateway. */
  virtualHosts(
    listeners: readonly GatewayListener[],
    siblings: readonly GatewayListener[],
    routes: readonly SurveyedRoute[],
    catalog: Catalog,
  ): readonly VirtualHost[];
  /** The gateway with what further objects say of it as a whole. */
  finished?(
    gateway: EffectiveGateway,
    parts: GatewayParts,
    catalog: Catalog,
    routes: readonly SurveyedRoute[],
  ): EffectiveGateway;
  /** Ports that no Location has, whatever the scheme; default: the one that is usual for its scheme. */
  readonly hiddenPorts?: readonly number[];
  /** `replaceFullPath` of a rewrite. */
  rewriteFullPath(to: string): PathRewrite;
  /** `replacePrefixMatch` of a rewrite, and of a redirect (undefined: the path stays). */
  rewritePrefix(matched: Matched, to: string): PathRewrite;
  redirectPrefix(matched: Matched, to: string): PathRewrite | undefined;
  /** What stands before the routes; absent: nothing. */
  policies?(catalog: Catalog, gateway: Resource, keySets: ReadOptions['keySets']): GatewayPolicies;
}
