// What an engine does by itself, whatever the configuration says.

import { CONNECTION_HEADERS, type Route, type SimulationResult } from '../../model/index.js';
import { normalizePath } from '../../simulate/engines/normalize-path.js';
import { atLocation } from '../answers.js';
import { type Compared, type Feature, UNSEEN } from './feature.js';
import { otherName } from './requests.js';

function withoutEmptyHeaders(r: SimulationResult): SimulationResult {
  if (!r.upstream?.set) return r;
  const { set, ...rest } = r.upstream;
  const kept = Object.entries(set).filter(([, value]) => value !== '');
  return { ...r, upstream: { ...rest, ...(kept.length > 0 ? { set: Object.fromEntries(kept) } : {}) } };
}

function withoutConnectionHeaders(r: SimulationResult): SimulationResult {
  if (!r.headers) return r;
  const { headers, ...rest } = r;
  const kept = Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()));
  return { ...rest, ...(kept.length > 0 ? { headers: Object.fromEntries(kept) } : {}) };
}

/** The controller's own rules are gone. */
const withoutOwn = () => (route: Route) => (route.own ? [] : [route]);

/** Requests whose path an engine may see otherwise than it was sent. */
function isCleaned({ request }: Compared): boolean {
  const path = request.path.replace(/\?.*$/, '');
  return /[%#]|\/\//.test(path) || normalizePath(path) !== path;
}

export const ENGINE = {
  'engine.path-normalisation': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Path normalisation',
    documentation: 'nginx matches the decoded path and forwards the path unchanged; Envoy normalises first',
    effect: { explains: isCleaned },
  },
  'engine.paths-as-sent': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Paths without normalisation',
    documentation:
      'the source takes paths with dot segments and repeated slashes as they come; Envoy resolves dot segments',
    effect: { explains: isCleaned },
  },
  'engine.header-names': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Names of headers with an underscore',
    documentation: 'the source refuses or drops headers with an underscore in their names; Istio keeps them',
    effect: { explains: ({ request }) => Object.keys(request.headers ?? {}).some((name) => name.includes('_')) },
  },
  'engine.tls-names': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Hosts of a TLS connection',
    documentation:
      "nginx serves every host on every TLS connection, the target those of the connection's server name (SNI)",
    effect: { explains: otherName },
  },
  'engine.misdirected': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Misdirected requests',
    documentation:
      'by the Gateway API a host that belongs to another listener than the connection is answered 421; Istio answers by its own servers',
    effect: { explains: otherName },
  },
  'engine.own-endpoints': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Endpoints of the controller',
    documentation: "the controller's own `/healthz` and `/nginx_status`",
    // Also where a wildcard of the target takes a host on TLS that the source has no certificate for.
    effect: {
      everywhere: true,
      route: withoutOwn,
      explains: ({ request: { path }, before, after }) =>
        /^\/(healthz|nginx_status)/.test(path) &&
        before.matched === undefined &&
        !before.connection &&
        (after.status === 404 || after.connection !== undefined),
    },
  },
  'engine.no-route': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Responses where no rule matches',
    documentation: 'Kong adds the headers of global plugins to its 404; Envoy answers 404 without them',
    effect: { everywhere: true, route: withoutOwn },
  },
  'engine.delivery-defaults': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Default timeouts and retries',
    documentation:
      'what a gateway does without a setting about times and retries (Kong: 60 s to connect and between two reads, 5 more tries; Envoy: 5 s to connect, 1,024 connections) is left to the target',
    effect: UNSEEN,
  },
  'engine.empty-headers': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Headers with an empty value',
    documentation: 'a value that comes out empty: Kong sends the header without a value, Envoy does not send it',
    effect: { everywhere: true, view: withoutEmptyHeaders },
  },
  'engine.connection-headers': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Headers about the connection in responses',
    documentation:
      '`Upgrade`, `Connection` and their like that a rule sets in responses: Envoy takes them out of all that change no protocol',
    effect: { everywhere: true, view: withoutConnectionHeaders },
  },
  'engine.host-case': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Spelling of the host in redirects',
    documentation: 'nginx writes the host of a redirect in lower case and without a dot at its end, Envoy as it came',
    effect: {
      everywhere: true,
      view: (r) =>
        atLocation(r, (location) =>
          location.replace(/^https?:\/\/[^/?]*/, (host) => host.toLowerCase().replace(/\.(?=$|:\d+$)/, '')),
        ),
    },
  },
  'engine.host-letters': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Upper case in the Host header',
    documentation:
      'Kong compares hosts with their case, Envoy without: `Host: SHOP.example.com` finds the rules of shop.example.com',
    effect: { explains: ({ request }) => /[A-Z]/.test(request.host) },
  },
  'engine.header-lines': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Headers that come in several lines',
    documentation: 'Kong tests each line of a header alone, Envoy the lines joined with a comma',
    effect: {
      explains: ({ request }) => Object.values(request.headers ?? {}).some((value) => typeof value !== 'string'),
    },
  },
  'engine.query-semicolons': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Semicolons in the query',
    documentation: 'Traefik takes `;` for `&` and forwards it so, Envoy leaves it as it is',
    effect: { explains: ({ request }) => /\?.*;/.test(request.path) },
  },
  'engine.odd-requests': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Malformed requests',
    documentation:
      'Traefik takes `OPTIONS *`, methods in small letters and requests without a host; Envoy answers 400 or 404',
    effect: {
      explains: ({ request: { path, method, host } }) =>
        !path.startsWith('/') || host === '' || method !== method.toUpperCase(),
    },
  },
  'engine.query-values': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Values of query parameters',
    documentation: 'Traefik tests all values of a parameter, decoded; Envoy the first as it was sent',
    effect: {
      explains: ({ request }) => {
        const names = (/\?(.*)$/s.exec(request.path)?.[1] ?? '').split('&').map((part) => part.replace(/=.*$/s, ''));
        return /\?.*[%+;]/s.test(request.path) || new Set(names).size < names.length;
      },
    },
  },
  'engine.host-dot': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Trailing dot of the host',
    documentation: 'Traefik takes `shop.example.com.` for the same host, Envoy for another one',
    effect: { explains: ({ request }) => /\.(:\d+)?$/.test(request.host) },
  },
  'engine.empty-path': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Empty path after a rewrite',
    documentation: 'Traefik forwards `/` where a pattern leaves nothing of the path; Envoy forwards the path as it was',
    effect: { explains: ({ before }) => /^\/?(\?|$)/.test(before.upstream?.path ?? 'x') },
  },
  'engine.own-answers': {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: "The gateway's own error pages",
    documentation:
      'Traefik answers 404 with a text and `X-Content-Type-Options: nosniff` where it has no rule; Envoy with neither',
    effect: { everywhere: true, view: withoutOwnPage },
  },
  'engine.claimed-headers': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Headers that clients claim, and compression',
    documentation:
      'Traefik takes `X-Forwarded-*` of clients away, and asks destinations for gzip where the client asked for nothing; Envoy passes on what it gets',
    effect: { everywhere: true, view: withoutClaims },
  },
  'engine.host-port': {
    severity: 'approximate',
    group: 'differs',
    decided: 'gateway',
    title: 'Port of the host in redirects',
    documentation: 'nginx leaves the port of the Host header out of redirects, Envoy keeps it',
    effect: {
      everywhere: true,
      view: (r) => atLocation(r, (location) => location.replace(/^(https?:\/\/[^/?]*?):\d+(?=\/|\?|$)/, '$1')),
    },
  },
  'engine.forwarded-headers': {
    severity: 'approximate',
    group: 'todo',
    decided: 'gateway',
    title: 'Headers about the client for the destination',
    documentation:
      'nginx sends `X-Real-IP`, `X-Forwarded-Host`, `-Port`, `-Scheme` and `X-Scheme`, and replaces the `X-Forwarded-For` of a client; Envoy sends `X-Forwarded-For`, with the address behind what the client sent, and `X-Forwarded-Proto`',
    decision: '`--forwarded-headers` sets the others on each rule',
    effect: UNSEEN,
  },
  'engine.original-path': {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: 'Original path and host after a rewrite',
    documentation: 'Envoy adds `x-envoy-original-*` headers after a rewrite',
    effect: UNSEEN,
  },
  'engine.connection-names': {
    severity: 'approximate',
    group: 'carriage',
    decided: 'gateway',
    title: 'Headers that `Connection` names',
    documentation: 'Envoy takes away the headers that a client names in `Connection`, nginx forwards them',
    effect: { explains: isWithoutNamed },
  },
} as const satisfies Record<string, Feature>;

/** The destination gets the same but for headers that the client names in `Connection`. */
function isWithoutNamed({ request, after, isExpected }: Compared): boolean {
  const named = new Set(
    Object.entries(request.headers ?? {})
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) =>
        String(value)
          .toLowerCase()
          .split(/[,\s]+/),
      ),
  );
  if (named.size === 0 || !after.upstream?.removed) return false;
  const { removed, ...rest } = after.upstream;
  const kept = removed.filter((name) => !named.has(name));
  const upstream = kept.length > 0 ? { ...rest, removed: kept } : rest;
  return isExpected({ ...after, upstream });
}

/** Without what Traefik takes away and adds by itself. */
function withoutClaims(result: SimulationResult): SimulationResult {
  const { upstream, ...rest } = result;
  if (!upstream) return result;
  const { set = {}, removed = [], proto, ...sent } = upstream;
  const kept = Object.entries(set).filter(([name, value]) => name !== 'accept-encoding' || value !== 'gzip');
  const taken = removed.filter((name) => !CLAIMED.test(name));
  return {
    ...rest,
    upstream: {
      ...sent,
      // What a rule sets goes over what the connection says.
      ...(proto === undefined || 'x-forwarded-proto' in set ? {} : { proto }),
      ...(kept.length > 0 ? { set: Object.fromEntries(kept) } : {}),
      ...(taken.length > 0 ? { removed: taken } : {}),
    },
  };
}

const CLAIMED =
  /^(x[-_]forwarded[-_].*|x[-_]real[-_]ip|x[-_]scheme|proxy-connection|keep-alive|proxy-authenticate|proxy-authorization|trailer|transfer-encoding)$/;

/** An answer of the gateway itself without what Traefik puts around it. */
function withoutOwnPage(result: SimulationResult): SimulationResult {
  if (result.destination || result.status === undefined || result.status < 400) return result;
  const { body: _, headers = {}, ...rest } = result;
  const { 'x-content-type-options': __, ...kept } = headers;
  return Object.keys(kept).length > 0 ? { ...rest, headers: kept } : rest;
}
