// Envoy's command operators in header values: source/common/formatter/http_specific_formatter.cc and
// stream_info_formatter.cc. An absent header is the empty text there (formatters of headers omit empty values).

import type { Operator, TemplateScope } from '../../template.js';

/** Undefined: only the running gateway knows it. */
export function envoyOperators({ name, argument = '' }: Operator, scope: TemplateScope): string | undefined {
  const { view } = scope;
  switch (name) {
    case 'REQ':
      return alternatives(argument, scope.requestHeader) ?? '';
    case 'REQ_WITHOUT_QUERY':
      return (alternatives(argument, scope.requestHeader) ?? '').replace(/\?.*$/s, '');
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
      return view.parameter(argument) ?? '';
    default:
      return undefined;
  }
}

/** `X?Y`: the first header that is there. */
function alternatives(argument: string, header: (name: string) => string | undefined): string | undefined {
  const [first = '', second] = argument.split('?');
  const value = header(first.toLowerCase());
  return value !== undefined || second === undefined ? value : header(second.toLowerCase());
}
