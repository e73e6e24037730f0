import type { Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE } from '../field-rule.js';
import { text } from '../values.js';
import { uri } from './shared.js';

export const rules: readonly Rule[] = [
  {
    code: 'MGW0455',
    name: 'rewrite-group-as-text',
    severity: 'warning',
    category: 'field',
    title: 'A rewrite without a pattern refers to a captured group',
    docs: () => ({
      happens: '`rewrite.uri` is plain text: the destination gets a path with the characters $1 in it.',
      instead: String.raw`uriRegexRewrite: {match: "^/users/(.*)$", rewrite: "/profiles/\\1"}`,
      bad: uri("regex: '/users/(.*)'", 'rewrite: {uri: /profiles/$1}\n'),
      good: uri(
        "regex: '/users/(.*)'",
        'rewrite: {uriRegexRewrite: {match: "^/users/(.*)$", rewrite: "/profiles/\\\\1"}}\n',
      ),
    }),
    fields: at(VIRTUAL_SERVICE, ['spec.http[].rewrite.uri', 'spec.http[].redirect.uri'], (value) => {
      const group = /\$\{?\d\}?|\\\d/.exec(text(value))?.[0];
      return group
        ? `${group} is sent as text: groups of a pattern are available in rewrite.uriRegexRewrite only (there as \\1)`
        : undefined;
    }),
  },
];
