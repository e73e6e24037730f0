import type { Problem, Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE } from '../field-rule.js';
import { text } from '../values.js';
import { impossible, MATCHES, PATTERN, uri } from './shared.js';

function patternText(path: string): Problem {
  if (impossible(path) !== undefined || path === '*') return undefined;
  if (PATTERN.test(path))
    return `${path} is compared literally, not as a pattern: the path of the request has to contain its special characters; use regex for a pattern`;
  return path.includes('*')
    ? `${path} is compared literally: the path of the request has to contain the asterisk; write prefix: ${path.slice(0, path.indexOf('*')) || '/'} for every path with that beginning`
    : undefined;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0166',
    name: 'path-pattern-as-text',
    severity: 'warning',
    category: 'reachability',
    title: 'A pattern in a path that is compared literally',
    docs: () => ({
      happens: '`exact` and `prefix` have no wildcards: only a path that contains exactly these characters matches.',
      instead: '`prefix: /shop/` for everything below a path, `regex: /shop/[0-9]+` for a pattern.',
      bad: uri("prefix: '/shop/*'"),
      good: uri('prefix: /shop/'),
    }),
    fields: at(VIRTUAL_SERVICE, MATCHES, (value) => patternText(text(value))),
  },
];
