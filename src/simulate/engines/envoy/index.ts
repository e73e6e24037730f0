// Envoy as Istio configures it for a gateway: normalize_path on, merge_slashes off, escaped slashes kept
// (istio pilot/pkg/networking/core/listener_builder.go, path normalisation BASE), use_remote_address on.

import { CONNECTION_HEADERS } from '../../../model/index.js';
import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { EngineRules, Refusal } from '../engine-rules.js';
import { protoAfter } from '../forwarded-proto.js';
import { lowerHostWithoutPort } from '../host-name.js';
import { DOT_SEGMENT, normalizePath } from '../normalize-path.js';
import { applyPathRewrite, redirectLocation, splitQuery } from '../rewriting.js';
import { grpcAnswer, isGrpc } from './grpc.js';
import { droppedByTheHop, receiveHeaders, refuseConnection } from './hop-headers.js';
import { takingIn } from './intake.js';
import { envoyOperators } from './operators.js';
import { companionsOf, droppedUpgrade, isPlainHttp2, isUpgrade, refuseUpgrade } from './upgrade.js';
import { wire } from './wire.js';

const badRequest = (reason: string, body = 'Bad Request'): Refusal => ({ status: 400, body, reason });

/** Methods of Envoy's HTTP/1 codec (source/common/http/http1/balsa_parser.cc, isMethodValid); another is a 400. */
const METHODS = new Set(
  (
    'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH M-SEARCH ' +
    'NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK ' +
    'UNLOCK UNSUBSCRIBE'
  ).split(' '),
);
/** Characters that a request target cannot have (balsa_parser.cc, isUrlValid): a 400. */
const BAD_TARGET = /[^!-~]/;
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/** What its normalisation keeps (recorded rules in normalize-path.ts; googleurl url_canon_path.cc). */
const KEPT = "[A-Za-z0-9\\-._~!$&'()*+,;=:@/\\[\\]%]";
/** Escapes that it undoes, and %00, which it refuses. */
const UNESCAPED = '%(?:00|3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|5[Ff]|6[1-9A-Fa-f]|7[0-9Aa]|7[Ee]|2[DdEe])';

/** What Istio tells its connection managers. */
const AS_ISTIO_SAYS = {
  escapedSlashes: 'keep',
  mergeSlashes: false,
  normalizePath: true,
  // runtime of its bootstrap: http_reject_path_with_fragment (pkg/bootstrap/config.go).
  fragments: 'strip',
  clientCertificates: true,
  underscores: 'allow',
  envoyHeaders: true,
} as const;

export const engine: EngineRules = {
  engine: 'envoy',
  configured: (intake) => takingIn(engine, { ...AS_ISTIO_SAYS, ...intake }),
  paths: { without: ' ?#"<>^`{}\\', pattern: `/${KEPT}*`, never: [`.*${UNESCAPED}.*`, DOT_SEGMENT] },
  // It sets them from the connection (seenHeader below).
  schemeHeaders: ['x-forwarded-proto'],
  setsSessionCookies: true,
  tellsCertificates: AS_ISTIO_SAYS.clientCertificates,
  wire,
  seePath(target, method, normalizes = true) {
    if (BAD_TARGET.test(target))
      return badRequest('the path must not contain spaces, control characters or non-ASCII letters');
    if (target === '*' && method === 'OPTIONS') return { path: '*', query: '' };
    const absolute = target.startsWith('/') ? null : ABSOLUTE.exec(target);
    // Recorded: istio/merge/merge-11-006 #11 (`v4` → 400 `Bad Request`).
    if (!target.startsWith('/') && !absolute?.[1]) return badRequest('the path must begin with /');
    const written = absolute ? (absolute[2]!.startsWith('/') ? absolute[2]! : `/${absolute[2]}`) : target;
    const path = withoutFragment(written);
    const seen = splitQuery(path);
    const normal = normalizes ? normalizePath(seen.path) : seen.path;
    if (normal === null) return badRequest('the path cannot be normalised', '');
    return { path: normal, query: seen.query, ...(absolute ? { authority: absolute[1]! } : {}) };
  },
  refuse(request) {
    if (!METHODS.has(request.method)) return badRequest(`${request.method} is not an HTTP method`);
    return refuseConnection(request);
  },
  protoAfter,
  receive: receiveHeaders,
  refuseUpgrade,
  // A preflight is answered by its filter, and a request that is refused at once by the connection.
  answerFor: (contentType, answer) =>
    isGrpc(contentType) && answer.cause !== 'preflight' && answer.cause !== 'bad-request'
      ? grpcAnswer(answer)
      : undefined,
  droppedHeaders: (view) => [
    ...droppedUpgrade(view),
    ...droppedAtTheEdge(view),
    ...droppedByTheHop(view),
    ...certificateTold(view),
  ],
  companionsOf,
  hostName: lowerHostWithoutPort,
  noRoute: { status: 404, body: '', flags: 'NR' },
  // onRequestDataTooLarge, source/common/http/filter_manager.cc.
  tooLarge: { status: 413, body: 'Payload Too Large', at: 'filter' },
  notInAnswers: CONNECTION_HEADERS,
  noDestination: { status: 503, body: '', flags: 'NC' },
  seenHeader,
  joinsLines: (name) => JOINED.has(name),
  rewritePath: applyPathRewrite,
  location: redirectLocation,
  directLocation: (view, status) => (status === 201 || (status >= 300 && status < 400) ? ownLocation(view) : ''),
  bookkeeping(view, rewritten) {
    const edits: HeaderEdit[] = [];
    if (rewritten.hostBefore !== undefined)
      edits.push({ op: 'set', name: 'x-envoy-original-host', value: rewritten.hostBefore });
    if (rewritten.path) edits.push({ op: 'set', name: 'x-envoy-original-path', value: view.forward });
    return edits;
  },
  operators: envoyOperators,
};

/** source/common/http/conn_manager_impl.cc; asked: fixtures/recorded/paths-as-they-come. */
function withoutFragment(path: string): string {
  const at = path.indexOf('#');
  return at < 0 ? path : path.slice(0, at);
}

/** The request's own URL: a direct response with such a status gets it too (source/common/router/router.cc, add_location). */
const ownLocation = (view: RequestView): string => `${view.scheme}://${view.authority}${view.forward}`;

/**
 * Headers whose lines Envoy joins when they come in; lines of others are matched one by one, as of Envoy 1.40
 * (envoy/http/header_map.h, INLINE_REQ_STRING_HEADERS, and custom inline headers of filters; asked of Envoy 1.40).
 */
const JOINED = new Set(
  (
    'accept accept-encoding authorization cache-control content-encoding content-type expect grpc-timeout if-match ' +
    'if-modified-since if-none-match if-range if-unmodified-since origin pragma referer user-agent via ' +
    'x-client-trace-id x-forwarded-host x-forwarded-port access-control-request-method ' +
    'access-control-request-headers access-control-request-private-network grpc-accept-encoding'
  ).split(' '),
);

/** What an edge gateway takes away before routing (source/common/http/conn_manager_utility.cc, mutateRequestHeaders). */
const TAKEN_AWAY = new Set(
  (
    'keep-alive proxy-connection transfer-encoding x-forwarded-client-cert x-envoy-original-path ' +
    'x-envoy-original-host x-envoy-decorator-operation x-envoy-retry-on x-envoy-max-retries'
  ).split(' '),
);

/** Of these the destination gets nothing that a client wrote (asked of Envoy 1.40: fixtures/recorded/headers-of-clients). */
const NEVER_SENT_ON = [
  'keep-alive',
  'proxy-connection',
  'x-forwarded-client-cert',
  'x-envoy-original-path',
  'x-envoy-original-host',
];

const droppedAtTheEdge = (view: RequestView): HeaderEdit[] =>
  NEVER_SENT_ON.flatMap((name) => (view.lines(name).length > 0 ? [{ op: 'remove' as const, name, value: '' }] : []));

/**
 * Destinations are told the client's certificate (forward_client_cert_details SANITIZE_SET with cert, subject, URI and DNS: buildGatewayConnectionManager
 * in pilot/pkg/networking/core/gateway.go; asked of Envoy 1.40). Whose it is, no file says: these stand for its parts.
 */
const CERTIFICATE = 'Hash=<SHA-256>;Cert="<PEM>";Subject="<subject>";URI=<URI>';
const CLIENT_CERTIFICATE = 'x-forwarded-client-cert';

const certificateTold = (view: RequestView): HeaderEdit[] =>
  view.certified ? [{ op: 'set', name: CLIENT_CERTIFICATE, value: CERTIFICATE }] : [];

/** What the connection manager sets before routing, for an edge gateway (`use_remote_address`). */
function seenHeader(view: RequestView, name: string): string | null | undefined {
  if (name === 'x-forwarded-proto') return view.scheme;
  if (name === CLIENT_CERTIFICATE && view.certified) return CERTIFICATE;
  if (name === 'x-forwarded-for') return [...view.lines(name), view.source].join(',');
  if (name === 'x-request-id') return '00000000-0000-4000-8000-000000000000';
  if (name === 'http2-settings') return isPlainHttp2((of) => view.lines(of)) ? null : undefined;
  if (name === 'connection' || name === 'upgrade') return isUpgrade((of) => view.lines(of)) ? undefined : null;
  return TAKEN_AWAY.has(name) ? null : undefined;
}
