// Variables of nginx in the values of snippets, as operators that Envoy has too: what is not the same in both is not known
// (http://nginx.org/en/docs/varindex.html; set directives of SERVER in nginx.tmpl for those of the controller).

import { own, plainTemplate, table } from '../../../model/index.js';

export interface LocationContext {
  /** The only name of the server; absent: it has several, or any. */
  readonly host: string | undefined;
  /** $namespace, $ingress_name, $service_name, $service_port. */
  readonly constants: Readonly<Record<string, string>>;
}

export interface Value {
  readonly template: string;
  /** Variables that are not known. */
  readonly unknown: readonly string[];
  /** It can come out empty: then nginx sends no such header. */
  readonly mayBeEmpty: boolean;
}

const OPERATORS = table<string>({
  http_host: '%REQ(:authority)%',
  best_http_host: '%REQ(:authority)%',
  request_method: '%REQ(:method)%',
  scheme: '%REQ(:scheme)%',
  pass_access_scheme: '%REQ(:scheme)%',
  remote_addr: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
});

/** `ofRequest`: the path of a request has not been rewritten yet where its headers are made. */
export function templateOf(text: string, context: LocationContext, ofRequest: boolean): Value {
  const unknown: string[] = [];
  let template = '';
  let copied = 0;
  let literal = false;
  for (const m of text.matchAll(/\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g)) {
    const name = (m[1] ?? m[2]!).toLowerCase();
    const before = text.slice(copied, m.index);
    template += plainTemplate(before);
    copied = m.index + m[0].length;
    const operator = operatorOf(name, context, ofRequest);
    if (operator === undefined) unknown.push(`$${name}`);
    template += operator ?? m[0];
    literal ||= before !== '' || (operator !== undefined && !operator.startsWith('%REQ('));
    literal ||= /^%REQ\(:/.test(operator ?? '');
  }
  const rest = text.slice(copied);
  if (rest.includes('$')) unknown.push('$');
  return { template: template + plainTemplate(rest), unknown, mayBeEmpty: !literal && rest === '' };
}

function operatorOf(name: string, { host, constants }: LocationContext, ofRequest: boolean): string | undefined {
  const constant = name === 'host' ? host : own(constants, name);
  if (constant !== undefined) return plainTemplate(constant);
  if (name === 'request_uri') return ofRequest ? '%REQ(:path)%' : undefined;
  const operator = OPERATORS.get(name);
  if (operator !== undefined) return operator;
  if (/^http_[a-z0-9_]+$/.test(name)) return `%REQ(${name.slice(5).replaceAll('_', '-')})%`;
  return undefined;
}
