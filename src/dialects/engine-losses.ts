// What is reported when a gateway's engine gives way to Envoy, whatever the configuration says.

import {
  CONNECTION_HEADERS,
  chainPlaces,
  type Delivery,
  type EffectiveGateway,
  type Engine,
  type Intake,
  literalText,
  type Origin,
  own,
  type Rewrite,
  type Route,
  routesOf,
  type Template,
  uncomputedHeaders,
} from '../model/index.js';
import type { FeatureKey } from './dialect.js';
import type { Report } from './item-list.js';
import { leavingOf } from './leaving.gen.js';
import { plain } from './leaving.js';

/** What takes the gateway's place. `namesByConnection`: it serves a host only on connections with its server name. */
export interface NextEngine {
  readonly engine: Engine;
  readonly namesByConnection: boolean;
  /** It is set to take requests in as the source's Envoy does. Envoy Gateway is in any case. */
  readonly takesInAlike?: true;
}

/** Envoy Gateway writes no headers about a rewrite. */
const NOT_OF: Readonly<Partial<Record<Engine, readonly FeatureKey[]>>> = { 'envoy-gateway': ['engine.original-path'] };

/** What its Envoy does where no policy says otherwise. */
const OF_ENVOY_GATEWAY: Intake = {
  mergeSlashes: true,
  escapedSlashes: 'redirect',
  fragments: 'reject',
  underscores: 'reject',
  clientCertificates: false,
  envoyHeaders: false,
};

/** How its Envoy takes requests in; undefined: as Istio's does, or it is no Envoy. */
export const intakeOf = ({ engine, intake }: EffectiveGateway): Intake | undefined =>
  engine === 'envoy-gateway' ? { ...OF_ENVOY_GATEWAY, ...intake } : intake;

/** One item per difference that a gateway's rules can meet, at its first rule. Envoy Gateway is set to take requests in as the source's Envoy does. */
export function noteEngine(
  gateway: EffectiveGateway,
  { engine: next, namesByConnection, takesInAlike }: NextEngine,
  report: Report,
): void {
  const routes = routesOf(gateway);
  const first = routes[0]?.origin ?? chainOrigin(gateway);
  if (!first) return;
  // About the gateway, not about a field of the object that came first.
  const origin = { resource: first.resource, path: [] };
  if (routes.some(hasOwnHsts))
    report.add('hsts', "the gateway's own answers lose their Strict-Transport-Security header", origin);
  const isOfEnvoyGateway = gateway.engine === 'envoy-gateway';
  const intake = intakeOf(gateway);
  if (intake && next !== 'envoy-gateway' && !takesInAlike) noteIntake(intake, origin, report);
  const isEnvoy = gateway.engine === 'envoy' || isOfEnvoyGateway;
  const { engine } = own(leavingOf, gateway.dialect) ?? plain;
  const tls = namesByConnection && [...chainPlaces(gateway)].some(({ chain }) => chain.tls);
  for (const { feature, applies, message, ofEnvoy } of engine)
    if ((!isEnvoy || (ofEnvoy && !takesInAlike)) && !NOT_OF[next]?.includes(feature) && applies(routes, tls))
      report.add(feature, message, origin);
  const connection = isEnvoy ? undefined : connectionHeader(routes);
  if (connection !== undefined)
    report.add(
      'engine.connection-headers',
      `the source sets ${connection} in responses; Envoy takes headers about the connection out of all that change no protocol`,
      origin,
    );
}

/** An answer that no writer writes. */
const hasOwnHsts = ({ own: isOwn, responseHeaders }: Route): boolean =>
  isOwn === true && (responseHeaders?.set ?? []).some(([name]) => name.toLowerCase() === 'strict-transport-security');

/** A header about the connection that a rule sets in responses. */
const connectionHeader = (routes: readonly Route[]): string | undefined =>
  routes
    .flatMap(({ responseHeaders: ops }) => [...(ops?.set ?? []), ...(ops?.add ?? [])])
    .map(([name]) => name)
    .find((name) => CONNECTION_HEADERS.has(name.toLowerCase()));

/** Of a gateway without a rule. */
const chainOrigin = (gateway: EffectiveGateway): Origin | undefined =>
  [...chainPlaces(gateway)].find(({ chain }) => chain.origin)?.chain.origin;

/** Settings of the source's Envoy about paths and names of headers that the target does not have. */
function noteIntake(
  { mergeSlashes, normalizePath, escapedSlashes, fragments, underscores }: Intake,
  origin: Origin,
  { add }: Report,
): void {
  const said = [
    mergeSlashes && 'makes repeated slashes one',
    escapedSlashes && ESCAPED_SLASHES[escapedSlashes],
    fragments === 'reject' && 'answers 400 to a path with #',
  ].filter((text) => text);
  if (normalizePath === false)
    add(
      'engine.paths-as-sent',
      'the source takes paths with dot segments, backslashes and escapes as they come; the target resolves them first',
      origin,
    );
  const kept = fragments === 'reject' ? 'as they are, up to a #' : 'as they are';
  if (said.length > 0)
    add('engine.path-normalisation', `the source ${said.join(' and ')}; the target keeps paths ${kept}`, origin);
  if (underscores === 'reject' || underscores === 'drop') {
    const does = underscores === 'reject' ? 'answers 400 to' : 'drops';
    add(
      'engine.header-names',
      `the source ${does} headers with an underscore in their names; the target keeps them`,
      origin,
    );
  }
}

const ESCAPED_SLASHES = {
  keep: '',
  reject: 'answers 400 to escaped slashes',
  redirect: 'redirects escaped slashes to the path without the escape',
  forward: 'takes escaped slashes for slashes',
} as const;

/** One item per setting that the model does not hold, at the field that sets it. `written`: those that this target has all the same. */
export function noteSettings(delivery: Delivery | undefined, report: Report, written: readonly string[] = []): void {
  const { settings = [], settingsOf } = delivery ?? {};
  const leaving = settingsOf && own(leavingOf, settingsOf);
  if (!delivery || !leaving?.setting) return;
  for (const { name, origin } of settings) {
    const lost = leaving.setting(name, delivery);
    if (lost && !written.includes(name)) report.add(lost.key, lost.message, origin, { name: `annotation.${name}` });
  }
}

/** Changes of the method and of single parameters, which no target has. */
export function noteRewrite(route: Route, report: Report): void {
  const rewrite = route.action.kind === 'forward' ? route.action.rewrite : undefined;
  if (rewrite?.method !== undefined)
    report.add('rewrite.method', `the destination gets the method of the client, not ${rewrite.method}`, route.origin, {
      route,
    });
  if (rewrite?.query)
    report.add('rewrite.query', 'the destination gets the query as the client sent it', route.origin, { route });
  noteComputed(route, report);
}

/** Values that no target computes: a path from the request, a header from one that the rule removes or from the path. */
function noteComputed(route: Route, report: Report): void {
  const rewrite = route.action.kind === 'forward' ? route.action.rewrite : undefined;
  if (rewrite?.path && !pathOfRewrite(rewrite))
    report.add(
      'rewrite.path.computed',
      'the path is computed from the request, which no target does; the destination gets that of the client',
      route.origin,
      { route },
    );
  if (uncomputedHeaders(route.requestHeaders).length > 0)
    report.add(
      'headers.renamed',
      'a header gets the value of one that the rule removes, which the target removes first, or a part of the path',
      route.origin,
      { route },
    );
}

/** The path that a target can write: none that is computed from the request. */
export const pathOfRewrite = ({ path }: Rewrite = {}): Rewrite['path'] =>
  path?.kind === 'full' && literalText(path.to) === undefined ? undefined : path;

/** The host that a target without templates can write, with an item for one that is computed from the request. */
export function hostOfRewrite({ host, origin }: Rewrite, route: Route, report: Report): string | undefined {
  const text = host === undefined ? undefined : literalText(host);
  if (host !== undefined && text === undefined) report.add('rewrite.host', computedHost(host), origin ?? route.origin);
  return text;
}

/** Why a host is not written. */
export const computedHost = (host: Template): string =>
  host.startsWith('%POD_IP%')
    ? 'the destination gets its own address as host, which no target does; it gets the host of the client'
    : `the host ${host} is computed from the request`;

/** The same where the target has no field for any of them, and nothing is known of its data plane. */
export function noteUnsaidSettings(delivery: Delivery | undefined, report: Report): void {
  for (const { name, origin } of delivery?.settings ?? [])
    report.add('delivery.setting', `the target has no field for ${name}`, origin, { name: `annotation.${name}` });
}

/** One item per difference that a gateway's rules can meet where nobody knows which data plane takes its place. */
export function noteUnknownEngine(gateway: EffectiveGateway, report: Report): void {
  const routes = routesOf(gateway);
  const first = routes[0]?.origin ?? chainOrigin(gateway);
  if (!first) return;
  const origin = { resource: first.resource, path: [] };
  const tls = [...chainPlaces(gateway)].some(({ chain }) => chain.tls);
  const { engine } = own(leavingOf, gateway.dialect) ?? plain;
  for (const { feature, applies, elsewhere } of engine)
    if (elsewhere !== undefined && applies(routes, tls)) report.add(feature, elsewhere, origin);
}
