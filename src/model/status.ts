// What a controller writes into the `status` of objects, before anything is applied.

import type { JsonObject, Origin, Resource } from './resource.js';

export interface StatusCondition {
  /** `Accepted`, `Programmed`, `ResolvedRefs`, `Conflicted`, … */
  readonly type: string;
  readonly status: boolean;
  /** As the API spells it: `NoMatchingListenerHostname`. */
  readonly reason: string;
  readonly message: string;
  /** What the condition is about. */
  readonly origin: Origin;
  /** It is about something that the files do not hold, and the cluster may. */
  readonly open?: true;
}

export interface ListenerStatus {
  readonly name: string;
  /** Absent: not counted, since routes of datagrams are not read. */
  readonly attachedRoutes?: number;
  /** `group/kind`. */
  readonly supportedKinds: readonly string[];
  readonly conditions: readonly StatusCondition[];
  readonly origin: Origin;
}

/** What one controller says of an object at one parent of a route, or at one ancestor of a policy. */
export interface ParentStatus {
  /** The reference as it is written; of an ancestor, as a reference would be. */
  readonly reference: JsonObject;
  /** `group/kind` and namespace of what is referred to, defaults filled in. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly controllerName: string;
  /** Empty: none of the files' gateways, so no controller that is known would write a status. */
  readonly conditions: readonly StatusCondition[];
  readonly origin: Origin;
}

export interface ObjectStatus {
  readonly resource: Resource;
  /** Of the object itself; absent where only its parents have some. */
  readonly conditions?: readonly StatusCondition[];
  readonly listeners?: readonly ListenerStatus[];
  /** Of a Gateway with ListenerSets: how many are accepted. */
  readonly attachedListenerSets?: number;
  /** Of a Gateway: the addresses that it asks for and gets; absent where that is not known. */
  readonly addresses?: readonly { readonly type: string; readonly value: string }[];
  readonly parents?: readonly ParentStatus[];
  readonly ancestors?: readonly ParentStatus[];
}

/** `HTTPRoute` of `gateway.networking.k8s.io/HTTPRoute`. */
export const shortKind = (groupKind: string): string => groupKind.slice(groupKind.indexOf('/') + 1);

/** Types that are good when false. */
const GOOD_WHEN_FALSE: readonly string[] = ['Conflicted', 'PartiallyInvalid'];
/** Types that are there only to warn. */
const WARNINGS: readonly string[] = ['InsecureFrontendValidationMode', 'OverlappingTLSConfig'];

/** A condition that says no. */
export const isRefusal = ({ type, status }: Pick<StatusCondition, 'type' | 'status'>): boolean =>
  !WARNINGS.includes(type) && status === GOOD_WHEN_FALSE.includes(type);

/** A condition that says no, or that warns. */
export const isNotable = (condition: Pick<StatusCondition, 'type' | 'status'>): boolean =>
  isRefusal(condition) || (condition.status && WARNINGS.includes(condition.type));
