// URI templates (envoy.extensions.path.match.uri_template): `/a/{id}/*`, `/v/**`, `{name=a/*}`, as patterns
// (source/extensions/path/uri_template_lib/uri_template_internal.cc; what a glob takes was asked of Envoy 1.40,
// fixtures/recorded/path-templates).

import { quoteRegex } from '../../../regex/quote.js';

const GLOB = "a-zA-Z0-9\\-._~%!$&'()+,;:@*=";
const SEGMENT = `[${GLOB}]+`;
const REST = `[${GLOB}/]*`;

/** RE2, for the whole path. `variables`: the group of each name. */
export interface UriTemplate {
  readonly pattern: string;
  readonly variables: ReadonlyMap<string, number>;
}

export function uriTemplate(template: string): UriTemplate {
  const variables = new Map<string, number>();
  const parts = template.split(/(\{[^{}]*\})/).map((part) => {
    if (!part.startsWith('{')) return globs(part);
    const [name = '', glob = '*'] = part.slice(1, -1).split('=', 2);
    // Istio writes `{*}` and `{**}` for globs without a name.
    if (/^\*+$/.test(name)) return globs(name);
    variables.set(name, variables.size + 1);
    return `(${globs(glob)})`;
  });
  return { pattern: parts.join(''), variables };
}

const globs = (text: string): string =>
  text
    .split(/(\*+)/)
    .map((part) => (part === '**' ? REST : part.startsWith('*') ? SEGMENT : quoteRegex(part)))
    .join('');

/** `/x/{id}` as a substitution: `/x/\1`. */
export const rewriteOf = (template: string, { variables }: UriTemplate): string | undefined => {
  let known = true;
  const text = template.replaceAll('\\', '\\\\').replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const group = variables.get(name);
    known &&= group !== undefined && group <= 9;
    return `\\${group}`;
  });
  return known ? text : undefined;
};
