// The status that Istio's controller would write: Accepted, Programmed, ResolvedRefs and Conflicted with their reasons, per
// Gateway, listener and parent of a route (reportGatewayStatus and buildListener in
// pilot/pkg/config/kube/gateway/conversion.go, createRouteStatus in conditions.go, 2026-08-22). Whether a workload got
// its address is not in the files: a Gateway whose addresses can be served counts as programmed.

import type { Origin, Resource } from '../../model/index.js';
import { originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { addressesOf } from './features/addresses.js';
import type { DenialReason, ParentRef } from './features/attachment.js';
import type { ConfigError } from './features/config-error.js';
import type { GatewayListener } from './features/listener.js';
import type { SurveyedRoute } from './features/surveyed-route.js';
import { has, objectAt, stringAt } from './fields.js';
import { istio } from './implementations/istio.js';
import { CONFIG_MAP, GATEWAY, referencedKind, shortKind } from './kinds.js';
import { type Survey, type SurveyedGateway, survey } from './survey.js';

export interface StatusCondition {
  readonly type: 'Accepted' | 'Programmed' | 'ResolvedRefs' | 'Conflicted';
  readonly status: boolean;
  /** As the API spells it: `NoMatchingListenerHostname`. */
  readonly reason: string;
  readonly message: string;
  /** What the condition is about. */
  readonly origin: Origin;
}

export interface ListenerStatus {
  readonly name: string;
  readonly attachedRoutes: number;
  /** `HTTPRoute`, … */
  readonly supportedKinds: readonly string[];
  readonly conditions: readonly StatusCondition[];
  readonly origin: Origin;
}

export interface GatewayStatus {
  readonly gateway: Resource;
  readonly conditions: readonly StatusCondition[];
  readonly listeners: readonly ListenerStatus[];
}

export interface ParentStatus {
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
  readonly origin: Origin;
  /** Empty: no Gateway of the files that Istio programs, so nobody of whom meshgw knows would write a status. */
  readonly conditions: readonly StatusCondition[];
}

export interface RouteStatus {
  readonly route: Resource;
  readonly parents: readonly ParentStatus[];
}

export interface GatewayApiStatus {
  /** Of classes that Istio serves. */
  readonly gateways: readonly GatewayStatus[];
  readonly routes: readonly RouteStatus[];
}

export function computeStatus(catalog: Catalog): GatewayApiStatus {
  const found = survey(catalog, istio);
  return {
    gateways: found.gateways.filter((g) => g.controller === 'istio').map((g) => gatewayStatus(g, found, catalog)),
    routes: found.routes.map((r) => ({ route: r.route, parents: r.parents.map((p) => parentStatus(p, r, found)) })),
  };
}

type Make = (type: StatusCondition['type'], status: boolean, reason: string, message: string) => StatusCondition;
const maker =
  (origin: Origin): Make =>
  (type, status, reason, message) => ({ type, status, reason, message, origin });

function gatewayStatus(gateway: SurveyedGateway, { routes }: Survey, catalog: Catalog): GatewayStatus {
  const make = maker(originOf(gateway.resource));
  const addresses = addressesOf(gateway.resource);
  const listeners = addresses.fatal ? [] : gateway.listeners.map((l) => listenerStatus(l, routes));
  const invalid = gateway.listeners.filter((l) => l.conflict !== undefined || l.error !== undefined).length;
  const error = addresses.error ?? parametersError(gateway.resource, catalog);
  const accepted = error
    ? { ...make('Accepted', false, error.reason, error.message), origin: error.origin }
    : invalid === 0
      ? make('Accepted', true, 'Accepted', 'Resource accepted')
      : make(
          'Accepted',
          invalid < gateway.listeners.length,
          'ListenersNotValid',
          `${invalid} of ${gateway.listeners.length} listeners are not valid`,
        );
  const programmed = addresses.fatal
    ? make('Programmed', false, 'UnsupportedAddress', 'no address that can be served')
    : make('Programmed', true, 'Programmed', 'Resource programmed');
  return { gateway: gateway.resource, conditions: [accepted, programmed], listeners };
}

/** `infrastructure.parametersRef` names a ConfigMap beside the Gateway (validateParametersRef in gateway_collection.go). */
function parametersError(gateway: Resource, catalog: Catalog): ConfigError | undefined {
  const infrastructure = objectAt(objectAt(gateway.object, 'spec'), 'infrastructure');
  if (!has(infrastructure, 'parametersRef')) return undefined;
  const reference = objectAt(infrastructure, 'parametersRef');
  const origin = originOf(gateway, 'spec', 'infrastructure', 'parametersRef');
  const kind = referencedKind(reference, CONFIG_MAP);
  const name = stringAt(reference, 'name') ?? '';
  if (kind !== CONFIG_MAP) return { reason: 'InvalidParameters', message: `${kind} is not a ConfigMap`, origin };
  const known = catalog.ofKind(CONFIG_MAP).some((c) => c.namespace === gateway.namespace);
  if (!known || catalog.find(CONFIG_MAP, gateway.namespace, name) !== undefined) return undefined;
  return { reason: 'InvalidParameters', message: `ConfigMap ${gateway.namespace}/${name} not found`, origin };
}

function listenerStatus(listener: GatewayListener, routes: readonly SurveyedRoute[]): ListenerStatus {
  const make = maker(listener.error?.origin ?? listener.origin);
  return {
    name: listener.name,
    attachedRoutes: routes.reduce((n, r) => n + attachments(r, listener), 0),
    supportedKinds: listener.allowedKinds.map(shortKind),
    conditions: listenerConditions(listener, make),
    origin: listener.origin,
  };
}

/** A route counts once, through however many parentRefs. */
const attachments = (route: SurveyedRoute, listener: GatewayListener) => (route.accepted.includes(listener) ? 1 : 0);

/** Reasons that Istio gives the listener's Accepted condition as a CA that is not valid. */
const NO_VALID_CA: readonly string[] = ['RefNotPermitted', 'InvalidCACertificateRef', 'InvalidCACertificateKind'];

function listenerConditions({ conflict, error, kindsValid }: GatewayListener, make: Make): StatusCondition[] {
  const kinds = kindsValid
    ? []
    : [make('ResolvedRefs', false, 'InvalidRouteKinds', 'a kind of route that this protocol cannot take')];
  if (conflict) {
    const message = 'conflicts with an earlier listener of this Gateway';
    const of = (type: 'Accepted' | 'Programmed' | 'Conflicted') => make(type, type === 'Conflicted', conflict, message);
    return [of('Accepted'), of('Programmed'), of('Conflicted'), ...kinds];
  }
  const badProtocol = error?.reason === 'UnsupportedProtocol' ? error : undefined;
  const badTls = error !== undefined && badProtocol === undefined ? error : undefined;
  const notAccepted =
    badProtocol ??
    (badTls && NO_VALID_CA.includes(badTls.reason) ? { ...badTls, reason: 'NoValidCACertificate' } : undefined);
  const resolved = badTls
    ? [make('ResolvedRefs', false, badTls.reason, badTls.message)]
    : [make('ResolvedRefs', true, 'ResolvedRefs', 'No errors found')];
  return [
    notAccepted
      ? make('Accepted', false, notAccepted.reason, notAccepted.message)
      : make('Accepted', true, 'Accepted', 'No errors found'),
    badTls
      ? make('Programmed', false, 'Invalid', 'Bad TLS configuration')
      : make('Programmed', true, 'Programmed', 'No errors found'),
    make('Conflicted', false, 'NoConflicts', 'No errors found'),
    ...(kindsValid ? resolved : kinds),
  ];
}

/** Of several listeners that one parentRef reaches the best result counts; among failures the one that came furthest. */
const SEVERITY: Readonly<Record<DenialReason, number>> = {
  NotAllowedByListeners: 1,
  NoMatchingListenerHostname: 2,
  NoMatchingParent: 3,
};

function parentStatus(parent: ParentRef, route: SurveyedRoute, { gateways }: Survey): ParentStatus {
  const { links, kind, ...reference } = parent;
  const served = gateways.some(
    ({ resource: g, controller }) =>
      controller === 'istio' && g.namespace === parent.namespace && g.name === parent.name,
  );
  if (kind !== GATEWAY || !served || links.length === 0) return { ...reference, conditions: [] };
  const make = maker(parent.origin);
  const accepting = links.filter((l) => l.denied === undefined).length;
  const denials = links.flatMap((l) => l.denied ?? []).sort((a, b) => SEVERITY[a.reason] - SEVERITY[b.reason]);
  const worst = accepting === 0 ? denials[0] : undefined;
  const messages = new Set(denials.filter((d) => d.reason === worst?.reason).map((d) => d.message));
  const error = route.errors.at(-1);
  return {
    ...reference,
    conditions: [
      worst
        ? make('Accepted', false, worst.reason, [...messages].join('; '))
        : make(
            'Accepted',
            true,
            'Accepted',
            accepting > 1 ? `Route was valid, bound to ${accepting} parents` : 'Route was valid',
          ),
      error
        ? { ...make('ResolvedRefs', false, error.reason, error.message), origin: error.origin }
        : make('ResolvedRefs', true, 'ResolvedRefs', 'All references resolved'),
    ],
  };
}
