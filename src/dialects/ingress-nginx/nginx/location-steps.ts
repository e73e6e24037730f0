// One location of nginx as steps, in the order of its phases: rewrite (CORS, `return`, the redirect to https and the
// search for a backend, both in ngx_rewrite.lua), access, content. The order inside of the rewrite phase is that of
// rootfs/etc/nginx/template/nginx.tmpl (kubernetes/ingress-nginx controller-v1.15.1); Lua runs behind nginx's own rewrite
// directives (lua-nginx-module, rewrite_by_lua_block).

import {
  type Action,
  append,
  type Condition,
  type Forward,
  type HeaderOps,
  type Origin,
  plainTemplate,
  type Redirect,
  type Unsupported,
  type WeightedDestination,
} from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import type { ControllerConfig } from '../controller/config-map.js';
import type { Location } from '../controller/locations.js';
import { ownHost, type Server } from '../controller/server.js';
import { DEFAULT_UPSTREAM, protocolOf, type Upstream, type Upstreams } from '../controller/upstreams.js';
import { snippetAnswers, snippetHeaders, snippetRefusals, snippetRequestHeaders } from '../snippets/of-location.js';
import { withAccess } from './access.js';
import { type Choice, canarySteps } from './canary-steps.js';
import { withCors } from './cors.js';
import { customHeaders } from './custom-headers.js';
import { deliveryOf, limitConditions } from './delivery.js';
import { ingressVariables } from './ingress-variables.js';
import { mirrorOf } from './mirror.js';
import { rewriteTarget } from './rewrite-target.js';
import { type Step, upToFinal } from './steps.js';
import { withVariables } from './variables.js';

/** What the steps of a location depend on. */
export interface LocationContext {
  readonly host: string;
  readonly server: Pick<Server, 'host' | 'aliases' | 'snippet' | 'locations'>;
  readonly upstreams: Upstreams;
  readonly scheme: 'http' | 'https';
  /** The host of the request has a certificate. */
  readonly certificate: boolean;
  /** Of all requests of the server: a client certificate that must be good. */
  readonly conditions: readonly Condition[];
  readonly unsupported: (item: Unsupported) => void;
  /** Data of a ConfigMap named `namespace/name` or by its name in this namespace; undefined: the files do not hold it. */
  readonly config: Pick<ControllerConfig, 'redirectStatus' | 'allowedResponseHeaders'>;
  readonly configMap: (reference: string, namespace: string) => Readonly<Record<string, string>> | undefined;
}

const DEFAULT_BACKEND: Action = { kind: 'direct-response', status: 404, defaultBackend: true };
const NO_ENDPOINTS = 'the Service of the backend does not exist or has no such port';
const becauseOf = (action: Action, why: string): Action =>
  action.kind === 'direct-response' && !action.defaultBackend ? { ...action, why } : action;
const NO_TLS_REDIRECT = '/.well-known/acme-challenge';

export function locationSteps(location: Location, origin: Origin, context: LocationContext): readonly Step[] {
  const { settings } = location;
  const headers = locationHeaders(location, context);
  if (!settings) return [headers({ action: DEFAULT_BACKEND, origin })];
  if (settings.denied) {
    const denied = settings.annotations.origin(settings.denied.annotation);
    const why = `${settings.denied.annotation}: ${settings.denied.reason}; the controller refuses every request`;
    return [headers({ action: { kind: 'direct-response', status: 503, why }, origin: denied })];
  }
  const custom = customHeaders(settings, context);
  if ('denied' in custom) {
    const why = `custom-headers: ${custom.denied}; the controller refuses every request`;
    const denied = settings.annotations.origin('custom-headers');
    return [headers({ action: { kind: 'direct-response', status: 503, why }, origin: denied })];
  }
  const { redirect } = settings;
  const page = (status: number): Action => errorAnswer(location, settings, status, context.host);
  const steps: Step[] = [...snippetAnswers(location, page, context)];
  if (redirect?.url)
    steps.push({ action: returned(redirect, context), origin: settings.annotations.origin(redirect.annotation) });
  const rewriting = rewriteTarget(location, context.unsupported);
  if (rewriting.redirect)
    steps.push({ action: rewriting.redirect, origin: settings.annotations.origin('rewrite-target') });
  const https = httpsRedirect(location, settings, context);
  if (https) steps.push(https);
  const content = contentSteps(location, settings, origin, rewriting.rewrite, context);
  append(steps, content);
  const answers = withCors(settings.cors, settings.annotations.origin('enable-cors'), upToFinal(steps));
  return answers.map(headers);
}

/** What the location adds to all of its answers: the lines of the snippets, then those of custom-headers, behind them what an answer has itself. */
export function locationHeaders(location: Location, context: LocationContext): (step: Step) => Step {
  const { settings } = location;
  const custom = settings && !settings.denied ? customHeaders(settings, context) : { set: [] };
  const snippets = snippetHeaders(location, context);
  if ('denied' in custom || custom.set.length === 0) return snippets;
  const { set, origin } = custom;
  return (step) =>
    snippets({
      ...step,
      responseHeaders: { set: [...set, ...(step.responseHeaders?.set ?? [])], ...(origin ? { origin } : {}) },
    });
}

/** `return CODE URL`: only these five make a Location, other codes a body (ngx_http_send_response). */
function returned(redirect: NonNullable<Settings['redirect']>, { server }: LocationContext): Action {
  const { status, url, relative } = redirect;
  if (![301, 302, 303, 307, 308].includes(status)) return { kind: 'direct-response', status, body: url };
  if (!url.startsWith('/')) return { kind: 'redirect', status, location: plainTemplate(url) };
  return {
    kind: 'redirect',
    status,
    path: { kind: 'full', to: plainTemplate(url) },
    stripQuery: true,
    ...(relative ? { relative } : ownHost(server)),
  };
}

/** redirect_to_https in rootfs/etc/nginx/lua/lua_ingress.lua. */
function httpsRedirect(location: Location, settings: Settings, context: LocationContext): Step | undefined {
  const { rewrite, annotations } = settings;
  if (context.scheme === 'https' || location.path.startsWith(NO_TLS_REDIRECT)) return undefined;
  if (!rewrite.forceSslRedirect && !(rewrite.sslRedirect && context.certificate)) return undefined;
  const port = annotations.bool('use-port-in-redirects').value ? 443 : undefined;
  const action: Redirect = {
    kind: 'redirect',
    status: context.config.redirectStatus,
    scheme: 'https',
    ...(port === undefined ? {} : { port }),
    ...(rewrite.preserveTrailingSlash ? {} : { path: { kind: 'strip-trailing-slash' } }),
  };
  const cause = rewrite.forceSslRedirect
    ? 'force-ssl-redirect'
    : annotations.has('ssl-redirect')
      ? 'ssl-redirect'
      : undefined;
  if (cause) return { action, origin: annotations.origin(cause) };
  return {
    action: { ...action, why: 'ssl-redirect, on by default for a host with a certificate' },
    origin: location.origin!,
  };
}

function contentSteps(
  location: Location,
  settings: Settings,
  origin: Origin,
  path: Forward['rewrite'] | undefined,
  context: LocationContext,
): readonly Step[] {
  const refuse = (status: number): Action => errorAnswer(location, settings, status, context.host);
  const upstream = upstreamOf(location, context.upstreams);
  const { customBackend } = location;
  const ready = location.upstream === DEFAULT_UPSTREAM || upstream?.destination || customBackend?.replaces;
  // balancer.rewrite() in balancer.lua: no endpoints, and the rewrite phase ends with 503.
  if (!ready) return [{ action: becauseOf(refuse(503), NO_ENDPOINTS), origin: upstream?.origin ?? origin }];
  const forward = (destinations: readonly WeightedDestination[], extra?: HeaderOps): Step => ({
    action: { kind: 'forward', destinations, ...changes(location, settings, path, context) },
    ...requestHeaders(location, settings, extra, context),
    origin,
  });
  const conditions = [...context.conditions, ...limitConditions(settings)];
  let steps: readonly Step[];
  if (location.upstream === DEFAULT_UPSTREAM) steps = [{ action: DEFAULT_BACKEND, origin }];
  else if (customBackend?.replaces)
    steps = [forward([{ to: customBackend.destination, weight: 100 }], errorHeaders(location, 503, context.host))];
  else steps = shared(settings, upstream!, context, forward);
  const limited = conditions.length === 0 ? steps : steps.map((step): Step => ({ ...step, conditions }));
  const refusals = snippetRefusals(settings, context.server.snippet?.settings);
  const { server, upstreams } = context;
  return withAccess(settings, location.path, limited, refuse, { server, upstreams, refusals });
}

/** As the backend of the location's own path names it. */
function upstreamOf({ upstream, backend }: Location, upstreams: Upstreams): Upstream | undefined {
  const found = upstreams.get(upstream);
  if (!found || !backend || found.origin === backend) return found;
  const { destination } = found;
  return { ...found, origin: backend, ...(destination && { destination: { ...destination, origin: backend } }) };
}

/** The main backend and its canary, where it has one with endpoints. */
function shared(
  settings: Settings,
  main: Upstream,
  context: LocationContext,
  forward: (destinations: readonly WeightedDestination[]) => Step,
): readonly Step[] {
  const [first] = main.alternatives;
  const canary = first === undefined ? undefined : context.upstreams.get(first);
  const to = (upstream: Upstream, weight: number): WeightedDestination => ({
    to: { ...upstream.destination!, protocol: 'http', ...protocolOf(settings.backendProtocol) },
    weight,
    ...(upstream.origin ? { origin: upstream.origin } : {}),
  });
  if (!canary?.destination || !canary.canary) return [forward([to(main, 100)])];
  const toChoice = (choice: Choice): readonly WeightedDestination[] => {
    if (choice === 'main') return [to(main, 100)];
    if (choice === 'canary') return [to(canary, 100)];
    return [to(canary, choice.canaryPercent), to(main, 100 - choice.canaryPercent)];
  };
  const sticky: readonly Condition[] = main.sticky
    ? [{ kind: 'affinity', summary: 'a session cookie of an earlier answer keeps its client', origin: canary.origin! }]
    : [];
  return canarySteps(canary.canary, context.unsupported).map((step) => {
    const route = forward(toChoice(step.choice));
    const { headers } = step;
    return { ...route, headers, origin: route.origin, ...(sticky.length ? { conditions: sticky } : {}) };
  });
}

function changes(
  location: Location,
  settings: Settings,
  path: Forward['rewrite'] | undefined,
  context: LocationContext,
): Omit<Forward, 'kind' | 'destinations'> {
  const host = upstreamHost(location, settings, context);
  const rewrite = path || host !== undefined ? { ...path, ...(host === undefined ? {} : { host }) } : undefined;
  const mirror = mirrorOf(settings, context.unsupported);
  const delivery = deliveryOf(settings);
  return {
    ...(rewrite ? { rewrite } : {}),
    ...(mirror ? { mirrors: [mirror] } : {}),
    ...(delivery ? { delivery } : {}),
  };
}

function upstreamHost(location: Location, settings: Settings, context: LocationContext): string | undefined {
  if (settings.upstreamVhost === undefined) return undefined;
  const { template, unknown } = withVariables(settings.upstreamVhost, ingressVariables(location, context.host));
  if (unknown.length > 0) context.unsupported(unknownVariable(settings, 'upstream-vhost', unknown));
  return template;
}

const unknownVariable = (settings: Settings, annotation: string, names: readonly string[]): Unsupported => ({
  feature: `annotation.${annotation}`,
  detail: `the value of ${names.join(', ')} is not known`,
  effect: 'change',
  origin: settings.annotations.origin(annotation),
});

function requestHeaders(
  location: Location,
  settings: Settings,
  extra: HeaderOps | undefined,
  context: LocationContext,
): Pick<Step, 'requestHeaders'> {
  const snippet = snippetRequestHeaders(location, context);
  const set: (readonly [string, string])[] = [...(snippet?.set ?? []), ...(extra?.set ?? [])];
  const { target } = settings.rewrite;
  if (settings.xForwardedPrefix !== undefined && target !== '' && target !== location.path) {
    const { template, unknown } = withVariables(settings.xForwardedPrefix, ingressVariables(location, context.host));
    if (unknown.length > 0) context.unsupported(unknownVariable(settings, 'x-forwarded-prefix', unknown));
    else set.push(['x-forwarded-prefix', template]);
  }
  if (settings.connectionHeader !== undefined) set.push(['connection', settings.connectionHeader]);
  const remove = [...(snippet?.remove ?? []), ...(settings.auth.basic ? ['authorization'] : [])];
  if (set.length === 0 && remove.length === 0) return {};
  return { requestHeaders: { ...(set.length ? { set } : {}), ...(remove.length ? { remove } : {}) } };
}

/** `error_page` of custom-http-errors holds for answers of nginx too; the default backend gets `/` and the status. */
function errorAnswer(location: Location, settings: Settings, status: number, host: string): Action {
  if (!settings.customHttpErrors.includes(status)) return { kind: 'direct-response', status };
  const { customBackend } = location;
  if (!customBackend) return DEFAULT_BACKEND;
  return {
    kind: 'forward',
    destinations: [
      { to: customBackend.destination, weight: 100, requestHeaders: errorPageHeaders(location, status, host) },
    ],
    rewrite: { path: { kind: 'full', to: '/' } },
  };
}

function errorPageHeaders(location: Location, status: number, host: string): HeaderOps {
  const { set = [] } = errorHeaders(location, status, host);
  return { set: [...set, ['x-original-uri', '%VARIABLE(request_uri)%']] };
}

function errorHeaders(location: Location, status: number, host: string): HeaderOps {
  const about = ingressVariables(location, host);
  return {
    set: [
      ['x-code', String(status)],
      ['x-format', '%REQ(accept)%'],
      ['x-namespace', plainTemplate(about.namespace)],
      ['x-ingress-name', plainTemplate(about.ingress_name)],
      ['x-service-name', plainTemplate(about.service_name)],
      ['x-service-port', plainTemplate(about.service_port)],
    ],
  };
}
