// HTTPRouteFilter: what the standard's filters have no field for.

import { type DirectResponse, type HeaderOps, literalText, type PathRewrite } from '../../../../../model/index.js';
import { quoteRegex } from '../../../../../regex/quote.js';
import type { Filter } from '../../../write/header-filters.js';

/** Its spec stands in the place of its name until `placed`. */
const own = (spec: object): Filter => ({
  type: 'ExtensionRef',
  extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', spec },
});

const replacing = (pattern: string, substitution: string): Filter =>
  own({ urlRewrite: { path: { type: 'ReplaceRegexMatch', replaceRegexMatch: { pattern, substitution } } } });

const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

/** Envoy replaces every match of the pattern; one that begins with `^` has one. */
export function rewriteFilter(path: PathRewrite): Filter | undefined {
  switch (path.kind) {
    case 'prefix':
      return replacing(`^${quoteRegex(path.from)}`, escaped(path.to));
    case 'regex':
      return path.all || path.pattern.startsWith('^') ? replacing(path.pattern, path.substitution) : undefined;
    case 'full': {
      const text = literalText(path.to);
      return text === undefined ? undefined : replacing('^(?s:.*)$', escaped(text));
    }
    case 'strip-trailing-slash':
      return replacing('^(.+)/$', '\\1');
  }
}

export function hostFilter(host: string): Filter | undefined {
  const [, header] = /^%REQ\(([A-Za-z0-9-]+)\)%$/.exec(host) ?? [];
  return header === undefined ? undefined : own({ urlRewrite: { hostname: { type: 'Header', header } } });
}

/** The CRD takes a body of 4096 characters and 16 headers in a list. */
const MOST = { body: 4096, headers: 16 } as const;

export function answerFilter({ status, body }: DirectResponse, ops: HeaderOps | undefined): Filter | undefined {
  if (status < 200 || status > 599 || (body?.length ?? 0) > MOST.body) return undefined;
  const list = (pairs: HeaderOps['set'] = []) =>
    pairs.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
  const [set, add] = [list(ops?.set), list(ops?.add)];
  if (set.length > MOST.headers || add.length > MOST.headers) return undefined;
  const header = { ...(set.length > 0 && { set }), ...(add.length > 0 && { add }) };
  return own({
    directResponse: {
      statusCode: status,
      ...(body ? { body: { type: 'Inline', inline: body } } : {}),
      ...(Object.keys(header).length > 0 && { header }),
    },
  });
}
