// Query parameters as the plugins of Kong change them: read by ngx.req.get_uri_args, written anew by kong/pdk/service/request.lua
// (make_ordered_args: sorted, escaped), or only taken out (clear_query_arg).

import type { QueryOps } from '../../../model/index.js';

/** `true`: a parameter without `=`. */
type Value = string | true;

export function rewrittenQuery(query: string, ops: QueryOps, expand: (template: string) => string): string {
  if (ops.kept) return cleared(query, ops.remove ?? []);
  const parameters = parsed(query.slice(1));
  for (const name of ops.remove ?? []) parameters.delete(name);
  for (const [name, to] of ops.rename ?? []) {
    const values = parameters.get(name);
    if (!values || name === to) continue;
    parameters.delete(name);
    parameters.set(to, values);
  }
  for (const [name, value] of ops.replace ?? []) if (parameters.has(name)) set(parameters, name, expand(value));
  for (const [name, value] of ops.add ?? []) if (!parameters.has(name)) set(parameters, name, expand(value));
  for (const [name, value] of ops.append ?? [])
    parameters.set(name, [...(parameters.get(name) ?? []), ...[expand(value)].filter((text) => text !== '')]);
  const written = [...parameters].map(([name, values]) => values.map((value) => parameterText(name, value)).join('&'));
  const text = written
    .filter((part) => part !== '')
    .sort()
    .join('&');
  return text === '' ? '' : `?${text}`;
}

const set = (parameters: Map<string, readonly Value[]>, name: string, value: string): void => {
  parameters.set(name, [value]);
};

const parameterText = (name: string, value: Value): string =>
  value === true ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

/** Parameters by their decoded names, in the order of their first occurrence. */
export function parsed(query: string): Map<string, readonly Value[]> {
  const parameters = new Map<string, readonly Value[]>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equal = part.indexOf('=');
    const name = decoded(equal < 0 ? part : part.slice(0, equal));
    if (name === '') continue;
    parameters.set(name, [...(parameters.get(name) ?? []), equal < 0 ? true : decoded(part.slice(equal + 1))]);
  }
  return parameters;
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** The rest stays as it came, but for `+`. */
function cleared(query: string, names: readonly string[]): string {
  if (query.length < 2) return query;
  const kept = query
    .slice(1)
    .split('&')
    .filter((part) => !names.includes(part.split('=')[0] ?? ''));
  if (kept.length === query.slice(1).split('&').length) return query;
  return kept.length === 0 ? '' : `?${kept.join('&').replaceAll('+', '%20')}`;
}
