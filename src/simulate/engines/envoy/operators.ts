// Envoy's command operators in header values: source/common/formatter/http_specific_formatter.cc and
// stream_info_formatter.cc (asked of Envoy 1.40: fixtures/recorded/header-operators). An absent header is the empty text there (formatters of headers omit empty values).

import type { Operator, TemplateScope } from '../../template.js';

/** Undefined: only the running gateway knows it. */
export function envoyOperators({ name, argument = '' }: Operator, scope: TemplateScope): string | undefined {
  const { view } = scope;
  switch (name) {
    case 'REQ':
      return alternatives(argument, scope.requestHeader) ?? '';
    case 'REQUEST_HEADER':
      return alternatives(argument, scope.requestHeader) ?? '';
    case 'RESPONSE_HEADER':
    case 'RESP':
      return scope.response ? (alternatives(argument, scope.response.header) ?? '') : '';
    case 'RESPONSE_CODE':
      return scope.response ? String(scope.response.status) : '0';
    case 'PROTOCOL':
      return 'HTTP/1.1';
    case 'ROUTE_NAME':
      return scope.routeName ?? '';
    case 'REQUESTED_SERVER_NAME':
      return view.scheme === 'https' && view.request.sni !== null ? (view.request.sni ?? view.host) : '';
    case 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT':
    case 'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT':
      return view.source;
    case 'DOWNSTREAM_LOCAL_PORT':
      return String(view.request.port);
    case 'QUERY_PARAM':
      return decoded(view.parameter(argument) ?? '');
    case 'PATH':
      return argument === 'NQ' ? view.path : argument === '' || argument === 'WQ' ? view.forward : undefined;
    default:
      return EMPTY.has(name) || (view.scheme === 'http' && ABOUT_TLS.test(name)) ? '' : beforeTheResponse(name, scope);
  }
}

/** Nothing on a gateway of Istio: it declares no virtual clusters, and these are for access logs. */
const EMPTY = new Set(['VIRTUAL_CLUSTER_NAME', 'LOCAL_REPLY_BODY', 'TRAILER', 'RESPONSE_TRAILER']);
const ABOUT_TLS = /^DOWNSTREAM_(?:TLS_|PEER_|LOCAL_(?:SUBJECT|\w+_SAN)$)/;
/** Known once there is an upstream connection or a response; before, as values of request headers, they are empty. */
const LATER = /^(?:GRPC_STATUS(?:_NUMBER)?|UPSTREAM_(?:HOST|TRANSPORT_FAILURE_REASON))$/;

function beforeTheResponse(name: string, { response, requestHeader }: TemplateScope): string | undefined {
  if (response === undefined && LATER.test(name)) return '';
  const isGrpc = requestHeader('content-type')?.startsWith('application/grpc') ?? false;
  return /^GRPC_STATUS(?:_NUMBER)?$/.test(name) && !isGrpc ? '' : undefined;
}

/** Parameters of the query are decoded (Utility::parseAndDecodeQueryString); bytes beyond ASCII are not said. */
const decoded = (value: string): string | undefined =>
  /%[89a-f][0-9a-f]/i.test(value)
    ? undefined
    : value.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** `X?Y`: the first header that is there. */
function alternatives(argument: string, header: (name: string) => string | undefined): string | undefined {
  const [first = '', second] = argument.split('?');
  const value = header(first.toLowerCase());
  return value !== undefined || second === undefined ? value : header(second.toLowerCase());
}
