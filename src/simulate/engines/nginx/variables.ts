// Command operators of nginx gateways: %REQ(name)% as in Envoy, and %VARIABLE(name)% for the variables of nginx that
// values of annotations may name (http://nginx.org/en/docs/varindex.html).

import type { OperatorTable, TemplateScope } from '../../template.js';

export const nginxOperators: OperatorTable = ({ name, argument = '' }, scope) => {
  if (name === 'REQ') return scope.requestHeader(argument.toLowerCase()) ?? '';
  if (name === 'VARIABLE') return variable(argument, scope);
  if (name === 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT') return scope.view.source;
  return undefined;
};

function variable(name: string, scope: TemplateScope): string | undefined {
  const { view } = scope;
  switch (name) {
    case 'host':
      return view.host;
    case 'http_host':
    case 'best_http_host':
      return view.authority;
    case 'request_uri':
      return view.request.path;
    case 'uri':
      return view.path;
    case 'args':
    case 'query_string':
      return view.query.slice(1);
    case 'is_args':
      return view.query.length > 1 ? '?' : '';
    case 'scheme':
    case 'pass_access_scheme':
      return view.scheme;
    case 'request_method':
      return view.method;
    case 'remote_addr':
      return view.source;
    case 'server_port':
      return String(view.request.port);
  }
  if (name.startsWith('http_')) return scope.requestHeader(name.slice(5).replaceAll('_', '-')) ?? '';
  if (name.startsWith('arg_')) return view.parameter(name.slice(4)) ?? '';
  if (name.startsWith('cookie_')) return cookie(scope.requestHeader('cookie') ?? '', name.slice(7));
  return undefined;
}

function cookie(header: string, name: string): string {
  for (const part of header.split(/[;,] */)) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trimEnd().toLowerCase() === name) return part.slice(equals + 1).trimStart();
  }
  return '';
}
