// Every annotation that ingress-nginx knows: what it takes, what it does, and what becomes of a bad value. The list is
// that of docs/user-guide/nginx-configuration/annotations.md and of the parsers in internal/ingress/annotations/*
// (kubernetes/ingress-nginx controller-v1.15.1); every row is one annotation, so this file is long.

import { type Check, patterns } from './check.js';

export const PREFIX = 'nginx.ingress.kubernetes.io/';

/**
 * What an annotation decides.
 * - `routing`: which destination or answer a request gets. - `change`: what the destination or the client sees.
 * - `delivery`: how bytes travel. - `not-expressible`: has an effect that the model cannot say (it is in `unsupported`,
 *   or a named condition). - `unsafe-snippet`: raw nginx configuration, off by default.
 */
export type Verdict = 'routing' | 'change' | 'delivery' | 'not-expressible' | 'unsafe-snippet';

/**
 * What the controller does with a value that its check refuses.
 * - `default`: as if the annotation were absent. - `ingress-ignored`: the whole Ingress is left out (Extract in
 *   annotations.go gives up). - `location-denied`: every path of the Ingress answers 503. - `auth-ignored`: the external
 *   authentication is left out, and every request passes (authreq/main.go wraps the error, and Extract takes it for none).
 */
export type Refusal = 'default' | 'ingress-ignored' | 'location-denied' | 'auth-ignored';

export interface AnnotationSpec {
  readonly name: string;
  readonly type: 'bool' | 'int' | 'text' | 'list' | 'size' | 'url' | 'pattern' | 'choice' | 'snippet';
  readonly default?: string;
  readonly verdict: Verdict;
  readonly check: Check;
  readonly refusal: Refusal;
  /** Another name of this annotation. */
  readonly aliasOf?: string;
  /** Has no effect without that annotation. */
  readonly needs?: string;
  /** One line, for `--explain` and messages. */
  readonly summary: string;
}

const BOOL: Check = { kind: 'bool' };
const INT: Check = { kind: 'int' };
const ANY: Check = { kind: 'any' };
const CIDRS: Check = { kind: 'cidrs' };
const pattern = (text: string): Check => ({ kind: 'pattern', pattern: text });
/** A pattern tested on the text without its spaces. */
const loose = (text: string): Check => ({ kind: 'pattern', pattern: text, ignoreSpaces: true });
const oneOf = (...options: string[]): Check => ({ kind: 'options', options });
const anyCaseOf = (...options: string[]): Check => ({ kind: 'options', options, anyCase: true });

type Extra = Partial<Pick<AnnotationSpec, 'default' | 'refusal' | 'needs' | 'aliasOf'>>;
type Row = readonly [
  name: string,
  type: AnnotationSpec['type'],
  verdict: Verdict,
  check: Check,
  summary: string,
  extra?: Extra,
];

const IGNORED = { refusal: 'ingress-ignored' } as const;
const DENIED = { refusal: 'location-denied' } as const;
const AUTH_IGNORED = { refusal: 'auth-ignored' } as const;
const canary = { needs: 'canary' } as const;
const cors = { needs: 'enable-cors' } as const;
const sticky = { needs: 'affinity' } as const;
const auth = { needs: 'auth-url' } as const;
const mtls = { needs: 'auth-tls-secret' } as const;
const upstreamTls = { needs: 'proxy-ssl-secret' } as const;

// biome-ignore format: a table reads by its rows
const ROWS: readonly Row[] = [
  // rewrite/main.go
  ['app-root', 'text', 'routing', pattern(patterns.pathWithCaptures), 'Redirects / of the host to this path with 302, before anything else.'],
  ['rewrite-target', 'text', 'change', pattern(patterns.pathWithCaptures), 'Replaces the whole path; $1 to $9 are captures of the path, and all paths of the host become patterns.'],
  ['use-regex', 'bool', 'routing', BOOL, 'The paths are patterns; so are all other paths of the host.', { default: 'false' }],
  ['ssl-redirect', 'bool', 'routing', BOOL, 'Redirects http to https if the host has a certificate.', { default: 'true' }],
  ['force-ssl-redirect', 'bool', 'routing', BOOL, 'Redirects http to https even without a certificate.', { default: 'false' }],
  ['preserve-trailing-slash', 'bool', 'change', BOOL, 'The https redirect keeps a trailing slash of the URL.', { default: 'false' }],
  // redirect/redirect.go
  ['permanent-redirect', 'url', 'routing', pattern(patterns.url), 'Answers every request with a redirect to this URL.', IGNORED],
  ['permanent-redirect-code', 'int', 'routing', INT, 'Status of permanent-redirect; outside 300 to 308 it is 301.', { default: '301', needs: 'permanent-redirect', ...IGNORED }],
  ['temporal-redirect', 'url', 'routing', pattern(patterns.url), 'As permanent-redirect with 302; wins over it.', IGNORED],
  ['temporal-redirect-code', 'int', 'routing', INT, 'Status of temporal-redirect; outside 300 to 307 it is 302.', { default: '302', needs: 'temporal-redirect', ...IGNORED }],
  ['relative-redirects', 'bool', 'change', BOOL, 'Locations that nginx builds are paths without scheme and host.', { default: 'false', ...IGNORED }],
  ['from-to-www-redirect', 'bool', 'routing', BOOL, 'Redirects www.host to host, or the other way round, unless that host has an Ingress.', { default: 'false', ...IGNORED }],
  ['use-port-in-redirects', 'bool', 'change', BOOL, 'Redirects name the port.', { default: 'false' }],
  ['server-alias', 'list', 'routing', { kind: 'server-names' }, 'Other names of the host; a name that is a host of an Ingress is left out, and the first Ingress of a host decides.', IGNORED],
  // defaultbackend, customhttperrors, disableproxyintercepterrors
  ['default-backend', 'text', 'routing', { kind: 'service-name' }, 'Service that answers where the backend has no endpoints, and for custom-http-errors.', IGNORED],
  ['custom-http-errors', 'list', 'not-expressible', loose('^(?:[4,5]\\d{2},?)*$'), 'These statuses are answered by the default backend instead.', IGNORED],
  ['disable-proxy-intercept-errors', 'bool', 'not-expressible', BOOL, 'Errors of the destination are not replaced, despite custom-http-errors.', { default: 'false', needs: 'custom-http-errors' }],
  // canary/main.go
  ['canary', 'bool', 'routing', BOOL, 'The Ingress is an alternative to another one with the same host and path.', { default: 'false' }],
  ['canary-by-header', 'text', 'routing', loose(patterns.basic), 'A header that chooses the canary with always, the other with never.', canary],
  ['canary-by-header-value', 'text', 'routing', loose(patterns.basic), 'The value of canary-by-header that chooses the canary; `never` then has no special meaning.', { needs: 'canary-by-header' }],
  ['canary-by-header-pattern', 'pattern', 'routing', pattern(patterns.regex), 'A PCRE pattern for the value; canary-by-header-value wins over it.', { needs: 'canary-by-header' }],
  ['canary-by-cookie', 'text', 'routing', loose(patterns.basic), 'A cookie that chooses the canary with always, the other with never.', canary],
  ['canary-weight', 'int', 'routing', INT, 'Share of the requests that go to the canary.', { default: '0', ...canary }],
  ['canary-weight-total', 'int', 'routing', INT, 'What canary-weight is a share of; below 100 it counts as 100.', { default: '100', needs: 'canary-weight' }],
  // sessionaffinity/main.go
  ['affinity', 'choice', 'delivery', oneOf('cookie'), 'A cookie binds a client to one endpoint.'],
  ['affinity-mode', 'choice', 'delivery', oneOf('balanced', 'persistent'), 'Whether clients move when endpoints are added.', { default: 'balanced', ...sticky }],
  ['affinity-canary-behavior', 'choice', 'not-expressible', oneOf('sticky', 'legacy'), 'Whether a client stays on the canary.', { default: 'sticky', ...sticky }],
  ['session-cookie-name', 'text', 'delivery', loose(patterns.basic), 'Name of the cookie.', { default: 'INGRESSCOOKIE', ...sticky }],
  ['session-cookie-path', 'text', 'delivery', loose(patterns.url), 'Path of the cookie; needed with use-regex.', sticky],
  ['session-cookie-domain', 'text', 'delivery', loose(patterns.basic), 'Domain of the cookie.', sticky],
  ['session-cookie-expires', 'text', 'delivery', loose('(^0|-?[1-9]\\d*$)'), 'Seconds until the cookie expires (Expires).', sticky],
  ['session-cookie-max-age', 'text', 'delivery', pattern('(^0|-?[1-9]\\d*$)'), 'Seconds until the cookie expires (Max-Age).', sticky],
  ['session-cookie-samesite', 'choice', 'delivery', anyCaseOf('none', 'lax', 'strict'), 'SameSite of the cookie.', sticky],
  ['session-cookie-secure', 'bool', 'delivery', BOOL, 'The cookie is Secure.', { default: 'false', ...sticky }],
  ['session-cookie-conditional-samesite-none', 'bool', 'delivery', BOOL, 'SameSite=None is left out for browsers that do not understand it.', { default: 'false', ...sticky }],
  ['session-cookie-change-on-failure', 'bool', 'delivery', BOOL, 'A failed endpoint loses the client.', { default: 'false', ...sticky }],
  // loadbalancing, upstreamhashby, serviceupstream
  ['load-balance', 'choice', 'delivery', oneOf('round_robin', 'chash', 'chashsubset', 'sticky_balanced', 'sticky_persistent', 'ewma'), 'How endpoints are chosen.', { default: 'round_robin', ...IGNORED }],
  ['upstream-hash-by', 'text', 'delivery', loose('^[A-Za-z0-9\\-_{}$]*$'), 'Variables whose hash chooses the endpoint.', IGNORED],
  ['upstream-hash-by-subset', 'bool', 'delivery', BOOL, 'The hash chooses a group of endpoints.', { default: 'false', needs: 'upstream-hash-by', ...IGNORED }],
  ['upstream-hash-by-subset-size', 'int', 'delivery', INT, 'Size of such a group.', { default: '3', needs: 'upstream-hash-by', ...IGNORED }],
  ['service-upstream', 'bool', 'delivery', BOOL, 'Sends to the cluster address of the Service instead of its endpoints.', { default: 'false' }],
  // backendprotocol, proxyssl, sslpassthrough, fastcgi
  ['backend-protocol', 'choice', 'delivery', anyCaseOf('auto_http', 'http', 'https', 'grpc', 'grpcs', 'fcgi'), 'Protocol to the destination.', { default: 'HTTP' }],
  ['proxy-ssl-secret', 'text', 'delivery', loose(patterns.basic), 'Client certificate and authority for https destinations.', IGNORED],
  ['proxy-ssl-ciphers', 'text', 'delivery', loose('^[A-Za-z0-9\\+:\\_\\-!]*$'), 'TLS ciphers to the destination.', { default: 'DEFAULT', ...upstreamTls }],
  ['proxy-ssl-name', 'text', 'delivery', { kind: 'server-name' }, 'Name that the certificate of the destination must have.', upstreamTls],
  ['proxy-ssl-protocols', 'text', 'delivery', loose('^(TLSv1\\.2|TLSv1\\.3| )*$'), 'TLS versions to the destination.', { default: 'TLSv1.2', ...upstreamTls }],
  ['proxy-ssl-verify', 'choice', 'delivery', loose('^(on|off)$'), 'Verifies the certificate of the destination.', { default: 'off', ...upstreamTls }],
  ['proxy-ssl-verify-depth', 'int', 'delivery', INT, 'Length of the certificate chain.', { default: '1', ...upstreamTls }],
  ['proxy-ssl-server-name', 'choice', 'delivery', loose('^(on|off)$'), 'Sends the name as SNI to the destination.', { default: 'off', ...upstreamTls }],
  ['ssl-passthrough', 'bool', 'not-expressible', BOOL, 'Passes TLS through by SNI; only with the flag --enable-ssl-passthrough, and then all other annotations of the host are void.', { default: 'false', ...IGNORED }],
  ['fastcgi-index', 'text', 'delivery', loose('^[A-Za-z0-9.\\-\\_]+$'), 'Index file for FastCGI.', IGNORED],
  ['fastcgi-params-configmap', 'text', 'delivery', loose(patterns.basic), 'ConfigMap with FastCGI parameters.', IGNORED],
  // upstreamvhost, xforwardedprefix, connection, customheaders
  ['upstream-vhost', 'text', 'change', { kind: 'server-name' }, 'Host header sent to the destination.', IGNORED],
  ['x-forwarded-prefix', 'text', 'change', loose(patterns.pathWithCaptures), 'X-Forwarded-Prefix header; only together with rewrite-target.', { needs: 'rewrite-target', ...IGNORED }],
  ['connection-proxy-header', 'choice', 'change', loose('^(close|keep-alive)$'), 'Connection header sent to the destination.', IGNORED],
  ['custom-headers', 'text', 'change', loose(patterns.basic), 'ConfigMap with headers for the answer; each has to be in global-allowed-response-headers, else every path answers 503.'],
  // proxy/main.go, clientbodybuffersize
  ['proxy-connect-timeout', 'int', 'delivery', INT, 'Seconds to connect to the destination.', { default: '5' }],
  ['proxy-send-timeout', 'int', 'delivery', INT, 'Seconds between two writes to the destination.', { default: '60' }],
  ['proxy-read-timeout', 'int', 'delivery', INT, 'Seconds between two reads from the destination.', { default: '60' }],
  ['proxy-next-upstream', 'list', 'delivery', pattern( '^((error|timeout|invalid_header|http_500|http_502|http_503|http_504|http_403|http_404|http_429|non_idempotent|off)\\s?)+$', ), 'When another endpoint is tried.', { default: 'error timeout' }],
  ['proxy-next-upstream-timeout', 'int', 'delivery', INT, 'Seconds for all tries; 0: no limit.', { default: '0' }],
  ['proxy-next-upstream-tries', 'int', 'delivery', INT, 'Number of tries.', { default: '3' }],
  ['proxy-body-size', 'size', 'routing', loose(patterns.size), 'A larger request body is answered 413; 0: no limit.', { default: '1m' }],
  ['client-body-buffer-size', 'size', 'delivery', loose(patterns.size), 'Memory for the request body.', { default: '8k', ...IGNORED }],
  ['proxy-buffering', 'choice', 'delivery', oneOf('on', 'off'), 'Buffers answers before they are sent.', { default: 'off' }],
  ['proxy-buffer-size', 'size', 'delivery', loose(patterns.size), 'Memory for the first part of an answer.', { default: '4k' }],
  ['proxy-buffers-number', 'int', 'delivery', INT, 'Number of buffers for an answer.', { default: '4' }],
  ['proxy-busy-buffers-size', 'size', 'delivery', loose(patterns.size), 'Buffers that may be busy sending.'],
  ['proxy-max-temp-file-size', 'size', 'delivery', loose(patterns.size), 'Disk for an answer.', { default: '1024m' }],
  ['proxy-request-buffering', 'choice', 'delivery', oneOf('on', 'off'), 'Buffers the request body before it is sent.', { default: 'on' }],
  ['proxy-http-version', 'choice', 'delivery', oneOf('1.0', '1.1'), 'HTTP version to the destination.', { default: '1.1' }],
  ['proxy-cookie-domain', 'text', 'not-expressible', pattern('^(off|[\\-\\.\\_\\~a-zA-Z0-9\\/:]+\\s+[\\-\\.\\_\\~a-zA-Z0-9\\/:]+)$'), 'Rewrites the Domain of cookies of the destination.', { default: 'off' }],
  ['proxy-cookie-path', 'text', 'not-expressible', loose(patterns.url), 'Rewrites the Path of cookies of the destination.', { default: 'off' }],
  ['proxy-redirect-from', 'text', 'not-expressible', loose(patterns.url), 'Which Location of the destination is rewritten.', { default: 'off' }],
  ['proxy-redirect-to', 'text', 'not-expressible', loose(patterns.url), 'The replacement of proxy-redirect-from.', { default: 'off', needs: 'proxy-redirect-from' }],
  // cors/main.go
  ['enable-cors', 'bool', 'routing', BOOL, 'Answers preflights with 204 and adds the CORS headers.', { default: 'false' }],
  ['cors-allow-origin', 'list', 'routing', loose('^((((([a-z]+://)?(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?,?)|null)+)|\\*)?$'), 'Origins; one label may be a star.', { default: '*', ...cors }],
  ['cors-allow-methods', 'list', 'change', loose('^([A-Za-z]+,?\\s?)+$'), 'Methods that a preflight allows.', { default: 'GET, PUT, POST, DELETE, PATCH, OPTIONS', ...cors }],
  ['cors-allow-headers', 'list', 'change', loose(patterns.headers), 'Headers that a preflight allows.', { default: 'DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization', ...cors }],
  ['cors-expose-headers', 'list', 'change', loose('^(([A-Za-z0-9\\-\\_]+|\\*),?\\s?)+$'), 'Headers that a script may read.', cors],
  ['cors-allow-credentials', 'bool', 'change', BOOL, 'Cookies may be sent.', { default: 'true', ...cors }],
  ['cors-max-age', 'int', 'change', INT, 'Seconds for which a preflight response is cached.', { default: '1728000', ...cors }],
  // ipallowlist, ipdenylist, satisfy
  ['allowlist-source-range', 'list', 'routing', CIDRS, 'Only these clients are accepted; others get 403.', DENIED],
  ['whitelist-source-range', 'list', 'routing', CIDRS, 'Older name of allowlist-source-range.', { aliasOf: 'allowlist-source-range', ...DENIED }],
  ['denylist-source-range', 'list', 'routing', CIDRS, 'These clients get 403.', DENIED],
  ['satisfy', 'choice', 'routing', oneOf('any', 'all'), 'Whether address lists and authentication must both pass, or one of them.', { default: 'all' }],
  // ratelimit/main.go
  ['limit-connections', 'int', 'not-expressible', INT, 'Connections of one client address; more are answered 503.', IGNORED],
  ['limit-rps', 'int', 'not-expressible', INT, 'Requests of one client address in a second; more are answered 503.', IGNORED],
  ['limit-rpm', 'int', 'not-expressible', INT, 'Requests of one client address in a minute; more are answered 503.', IGNORED],
  ['limit-burst-multiplier', 'int', 'not-expressible', INT, 'Burst: how many times the limit is allowed at once.', { default: '5' }],
  ['limit-rate', 'int', 'delivery', INT, 'Kilobytes in a second for one answer.', { default: '0' }],
  ['limit-rate-after', 'int', 'delivery', INT, 'Kilobytes before limit-rate begins.', { default: '0' }],
  ['limit-allowlist', 'list', 'not-expressible', CIDRS, 'Clients without limits.', IGNORED],
  ['limit-whitelist', 'list', 'not-expressible', CIDRS, 'Older name of limit-allowlist.', { aliasOf: 'limit-allowlist', ...IGNORED }],
  // auth/main.go
  ['auth-type', 'choice', 'routing', loose('basic|digest'), 'Requires a user name and a password.', IGNORED],
  ['auth-secret', 'text', 'routing', loose(patterns.basic), 'Secret with the users, in the namespace of the Ingress.', { needs: 'auth-type', ...DENIED }],
  ['auth-secret-type', 'choice', 'routing', loose('auth-file|auth-map'), 'How the Secret names the users.', { default: 'auth-file', needs: 'auth-type', ...IGNORED }],
  ['auth-realm', 'text', 'change', pattern(patterns.basicWithSpace), 'Text of the password prompt.', { needs: 'auth-type', ...IGNORED }],
  // authreq/main.go, authreqglobal
  ['auth-url', 'url', 'not-expressible', loose(patterns.urlWithVariables), 'URL of an authentication service that accepts or refuses each request.', IGNORED],
  ['auth-method', 'choice', 'not-expressible', loose('^(GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE)$'), 'Method of the authentication request.', { ...auth, ...DENIED }],
  ['auth-signin', 'url', 'not-expressible', loose(patterns.urlWithVariables), 'Where refused clients are redirected.', auth],
  ['auth-signin-redirect-param', 'text', 'not-expressible', loose(patterns.url), 'Parameter that brings the client back.', { default: 'rd', needs: 'auth-signin' }],
  ['auth-response-headers', 'list', 'not-expressible', loose(patterns.headers), 'Headers of its response that are sent to the destination.', { ...auth, ...DENIED }],
  ['auth-request-redirect', 'url', 'not-expressible', loose(patterns.url), 'X-Auth-Request-Redirect of the authentication request.', { ...auth, ...AUTH_IGNORED }],
  ['auth-proxy-set-headers', 'text', 'not-expressible', loose(patterns.basic), 'ConfigMap with headers of the authentication request.', auth],
  ['auth-cache-key', 'text', 'not-expressible', loose(patterns.variable), 'Cache key of authentication responses.', auth],
  ['auth-cache-duration', 'text', 'not-expressible', pattern(patterns.extended), 'How long authentication responses are cached.', { default: '200 202 401 5m', ...auth, ...AUTH_IGNORED }],
  ['auth-keepalive', 'int', 'delivery', INT, 'Connections kept open to auth-url.', { default: '0', ...auth }],
  ['auth-keepalive-share-vars', 'bool', 'delivery', BOOL, 'The authentication request shares the variables of the request.', { default: 'false', ...auth }],
  ['auth-keepalive-requests', 'int', 'delivery', INT, 'Authentication requests over one connection.', { default: '1000', ...auth }],
  ['auth-keepalive-timeout', 'int', 'delivery', INT, 'Seconds that such a connection stays open.', { default: '60', ...auth }],
  ['auth-always-set-cookie', 'bool', 'not-expressible', BOOL, 'Cookies of the authentication response are set whatever its status.', { default: 'false', ...auth, ...AUTH_IGNORED }],
  ['auth-snippet', 'snippet', 'unsafe-snippet', ANY, 'nginx configuration for the authentication request.', auth],
  ['enable-global-auth', 'bool', 'not-expressible', BOOL, 'Whether the authentication of the whole controller applies.', { default: 'true' }],
  // authtls/main.go
  ['auth-tls-secret', 'text', 'not-expressible', loose(patterns.basic), 'Certificate authority of client certificates; applies to the whole host, the first Ingress decides.', IGNORED],
  ['auth-tls-verify-client', 'choice', 'not-expressible', loose('^(on|off|optional|optional_no_ca)$'), 'Whether a client certificate is requested.', { default: 'on', ...mtls }],
  ['auth-tls-verify-depth', 'int', 'not-expressible', INT, 'Length of the chain of client certificates.', { default: '1', ...mtls }],
  ['auth-tls-error-page', 'url', 'not-expressible', loose('^(@[A-Za-z0-9_-]+|((https?://)?[A-Za-z0-9\\-.]+(:\\d+)?)?(/[A-Za-z0-9\\-_.]+)*/?)$'), 'Where clients without a valid certificate are redirected.', { ...mtls, ...IGNORED }],
  ['auth-tls-pass-certificate-to-upstream', 'bool', 'not-expressible', BOOL, 'The destination gets the client certificate.', { default: 'false', ...mtls, ...IGNORED }],
  ['auth-tls-match-cn', 'pattern', 'not-expressible', { kind: 'common-name' }, 'Pattern for the name in the client certificate; others get 403.', { ...mtls, ...IGNORED }],
  // sslcipher
  ['ssl-ciphers', 'text', 'delivery', loose('^(?:(?:[A-Za-z0-9!:+\\-_])*(?:@STRENGTH)*(?:@SECLEVEL=[0-5])*(?:@STRENGTH)*)*$'), 'Ciphers of the host; the first Ingress decides.', IGNORED],
  ['ssl-prefer-server-ciphers', 'bool', 'delivery', BOOL, 'The server chooses the cipher.'],
  // mirror/main.go
  ['mirror-target', 'url', 'change', { kind: 'server-name' }, 'Every request is also sent to this URL.'],
  ['mirror-host', 'text', 'change', { kind: 'server-name' }, 'Host header of the mirrored request; default: that of the URL.', { needs: 'mirror-target' }],
  ['mirror-request-body', 'choice', 'delivery', loose('^(on|off)$'), 'The mirrored request has a body.', { default: 'on', needs: 'mirror-target' }],
  // log, http2pushpreload, opentelemetry, modsecurity
  ['enable-access-log', 'bool', 'delivery', BOOL, 'Requests are logged.', { default: 'true' }],
  ['enable-rewrite-log', 'bool', 'delivery', BOOL, 'Rewrites are logged.', { default: 'false' }],
  ['http2-push-preload', 'bool', 'delivery', BOOL, 'Link headers become HTTP/2 pushes.', { default: 'false', ...IGNORED }],
  ['enable-opentelemetry', 'bool', 'delivery', BOOL, 'Requests are traced.'],
  ['opentelemetry-trust-incoming-span', 'bool', 'delivery', BOOL, 'Traces of the client are continued.', { default: 'true', needs: 'enable-opentelemetry' }],
  ['opentelemetry-operation-name', 'text', 'delivery', loose('^[A-Za-z0-9_\\-]*$'), 'Name of the span.', { needs: 'enable-opentelemetry', ...IGNORED }],
  ['enable-modsecurity', 'bool', 'not-expressible', BOOL, 'A web application firewall inspects requests and may refuse them.', { default: 'false' }],
  ['enable-owasp-core-rules', 'bool', 'not-expressible', BOOL, 'That firewall uses the OWASP rules.', { default: 'false', needs: 'enable-modsecurity' }],
  ['modsecurity-transaction-id', 'text', 'delivery', loose(patterns.variable), 'Transaction id of requests in the firewall.', { needs: 'enable-modsecurity' }],
  // snippets: internal/ingress/annotations/{snippet,serversnippet,streamsnippet,modsecurity}
  ['configuration-snippet', 'snippet', 'unsafe-snippet', ANY, 'nginx configuration in every location of the Ingress.'],
  ['server-snippet', 'snippet', 'unsafe-snippet', ANY, 'nginx configuration in the server of the host; once per host.'],
  ['stream-snippet', 'snippet', 'unsafe-snippet', ANY, 'nginx configuration outside of HTTP.'],
  ['modsecurity-snippet', 'snippet', 'unsafe-snippet', ANY, 'Rules for the firewall.'],
];

export const annotationTable: readonly AnnotationSpec[] = ROWS.map(
  ([name, type, verdict, check, summary, extra = {}]) => ({
    ...{ name, type, verdict, check, summary },
    refusal: 'default',
    ...extra,
  }),
);

const byName = new Map(annotationTable.map((spec) => [spec.name, spec]));

/** The row of an annotation (without prefix), or undefined. */
export const annotationSpec = (name: string): AnnotationSpec | undefined => byName.get(name);
