// To which listeners a route attaches, and why not to the others: parentRef, sectionName, port, host names, namespaces,
// kinds (Gateway API spec, ParentReference and "Attaching to Gateways"; Istio: referenceAllowed and
// extractParentReferenceInfo in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { hostsMatch } from '../../../implementations/istio/hosts.js';
import { type Origin, originOf, type Resource } from '../../../model/index.js';
import { isAllowed } from '../../../resources/allowed-namespaces.js';
import { listAt, numberAt, objectAt, stringAt, stringsAt } from '../fields.js';
import { GATEWAY, HTTP_ROUTE, LISTENER_SET, type RouteKind, referencedKind, shortKind, TCP_ROUTE } from '../kinds.js';
import type { GatewayListener } from './listener.js';

export type DenialReason = 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname';

/** One listener that a parentRef reaches; `denied` says why the route does not attach to it. */
export interface ParentLink {
  readonly listener: GatewayListener;
  readonly denied?: { readonly reason: DenialReason; readonly message: string };
}

export interface ParentRef {
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
  readonly origin: Origin;
  /** Empty: the files hold no such Gateway with a listener that works, or it is not a Gateway. */
  readonly links: readonly ParentLink[];
  /** `group/kind`; a Service is a parent of mesh traffic, which no gateway sees. */
  readonly kind: string;
}

export interface AttachedRoute {
  readonly route: Resource;
  readonly kind: RouteKind;
  /** As written; `*` alone where there are none, and always for TCP. */
  readonly hostnames: readonly string[];
  readonly parents: readonly ParentRef[];
}

/** `listeners`: of all Gateways that are programmed by rules, without those in conflict. */
export function attach(route: Resource, kind: RouteKind, listeners: readonly GatewayListener[]): AttachedRoute {
  const spec = objectAt(route.object, 'spec');
  const written = kind === TCP_ROUTE ? [] : stringsAt(spec, 'hostnames');
  const hostnames = written.length === 0 ? ['*'] : written;
  const parents = listAt(spec, 'parentRefs').map((ref, i): ParentRef => {
    const parentKind = referencedKind(ref, GATEWAY);
    const namespace = stringAt(ref, 'namespace') ?? route.namespace;
    const name = stringAt(ref, 'name') ?? '';
    const sectionName = stringAt(ref, 'sectionName');
    const port = numberAt(ref, 'port');
    const parent = {
      kind: parentKind,
      namespace,
      name,
      ...(sectionName && { sectionName }),
      ...(port && { port }),
      origin: originOf(route, 'spec', 'parentRefs', i),
    };
    const candidates =
      parentKind === GATEWAY || parentKind === LISTENER_SET
        ? listeners.filter(
            ({ owner }) => owner.namespace === namespace && owner.name === name && owner.kind === shortKind(parentKind),
          )
        : [];
    return { ...parent, links: candidates.map((listener) => link(route, kind, hostnames, parent, listener)) };
  });
  return { route, kind, hostnames, parents };
}

function link(
  route: Resource,
  kind: RouteKind,
  hostnames: readonly string[],
  parent: { readonly sectionName?: string; readonly port?: number },
  listener: GatewayListener,
): ParentLink {
  const deny = (reason: DenialReason, message: string): ParentLink => ({ listener, denied: { reason, message } });
  if (parent.port !== undefined && parent.port !== listener.port)
    return deny('NoMatchingParent', `port ${parent.port} not found`);
  if (parent.sectionName !== undefined && parent.sectionName !== listener.name)
    return deny('NoMatchingParent', `sectionName "${parent.sectionName}" not found`);
  const hostMatches = hostnames.some((h) => hostsMatch(h, listener.hostname));
  if (!hostMatches)
    return deny('NoMatchingListenerHostname', `no hostname of the route matches the listener's "${listener.hostname}"`);
  if (!isAllowed(listener.allowedNamespaces, route.namespace))
    return deny(
      'NotAllowedByListeners',
      `listener "${listener.name}" does not allow routes of namespace ${route.namespace}`,
    );
  if (!listener.allowedKinds.includes(kind))
    return deny('NotAllowedByListeners', `listener "${listener.name}" does not allow ${shortKind(kind)}`);
  return { listener };
}

/** The listeners that take the route, each once, in the order of the parentRefs. */
export const acceptingListeners = (attached: AttachedRoute): readonly GatewayListener[] => [
  ...new Set(attached.parents.flatMap((p) => p.links.filter((l) => l.denied === undefined).map((l) => l.listener))),
];

export const isHttpKind = (kind: RouteKind): boolean => kind === HTTP_ROUTE || shortKind(kind) === 'GRPCRoute';
