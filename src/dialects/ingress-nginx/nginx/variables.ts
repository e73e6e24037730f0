// nginx variables in the values of annotations (`$service_name.$namespace.svc.cluster.local`): those that the
// configuration sets become text, those of the request the operator %VARIABLE(name)% of the nginx engine
// (http://nginx.org/en/docs/varindex.html).

import { own, plainTemplate } from '../../../model/index.js';

const OF_THE_REQUEST =
  /^(host|http_host|best_http_host|request_uri|uri|args|query_string|is_args|scheme|pass_access_scheme|request_method|remote_addr|server_port|(http|cookie|arg)_[a-z0-9_]+)$/;

export interface VariableText {
  readonly template: string;
  /** Variables that meshgw does not know, or captures where there are none. */
  readonly unknown: readonly string[];
}

export function withVariables(text: string, constants: Readonly<Record<string, string>>): VariableText {
  const unknown: string[] = [];
  let template = '';
  let copied = 0;
  for (const m of text.matchAll(/\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g)) {
    const name = (m[1] ?? m[2]!).toLowerCase();
    template += plainTemplate(text.slice(copied, m.index));
    copied = m.index + m[0].length;
    const constant = own(constants, name);
    if (constant !== undefined) template += plainTemplate(constant);
    else if (OF_THE_REQUEST.test(name)) template += `%VARIABLE(${name})%`;
    else {
      unknown.push(`$${name}`);
      template += m[0];
    }
  }
  return { template: template + plainTemplate(text.slice(copied)), unknown };
}
