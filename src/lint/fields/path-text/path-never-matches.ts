import type { Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, VIRTUAL_SERVICE } from '../field-rule.js';
import { text } from '../values.js';
import { impossible, MATCHES, uri } from './shared.js';

/** A value of `paths`: exact, `prefix*`, `*suffix`, or a template with `{*}`. */
function impossiblePath(value: string): string | undefined {
  // A template begins as its own rule asks (MGW1425).
  if (value.includes('{')) return undefined;
  if (value.startsWith('*')) return value.includes('?') ? impossible('?') : undefined;
  return impossible(value.endsWith('*') ? value.slice(0, -1) : value)?.replace(': match it with queryParams', '');
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0165',
    name: 'path-never-matches',
    severity: 'error',
    category: 'reachability',
    title: 'No request has such a path',
    docs: () => ({
      happens: 'The match never applies: a route is dead, a DENY rule denies nothing, an ALLOW rule allows nothing.',
      instead: 'A path that begins with a slash, without the query; `queryParams` for the query.',
      bad: uri('prefix: shop'),
      good: uri('prefix: /shop'),
    }),
    fields: [
      ...at(VIRTUAL_SERVICE, MATCHES, (value, { key }) => {
        const why = impossible(text(value));
        return why ? `no path ${key === 'exact' ? 'is' : 'begins with'} ${text(value)}: ${why}` : undefined;
      }),
      ...at(
        AUTHORIZATION_POLICY,
        ['spec.rules[].to[].operation.paths[]', 'spec.rules[].to[].operation.notPaths[]'],
        (value) => {
          const why = impossiblePath(text(value));
          // Istio accepts it, and the rest of the policy works.
          return why ? { severity: 'warning', message: `no path matches ${text(value)}: ${why}` } : undefined;
        },
      ),
    ],
  },
];
