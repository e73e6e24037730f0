import { isObject } from '../../../model/index.js';
import { gateway } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { given, list, object, text } from '../values.js';
import { REFUSED } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0305',
      name: 'gateway-port-names',
      title: 'Two servers of a Gateway have the same port name',
      docs: () => ({
        happens: REFUSED,
        instead: 'A name of its own for each server, for example http-shop and http-blog.',
        bad: gateway(
          'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [a.example.com]\n- port: {number: 8080, name: http, protocol: HTTP}\n  hosts: [b.example.com]',
        ),
        good: gateway(
          'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [a.example.com]\n- port: {number: 8080, name: http-b, protocol: HTTP}\n  hosts: [b.example.com]',
        ),
      }),
    },
    at(GATEWAY, 'spec.servers', (value) => {
      const names = new Set<string>();
      return list(value).map((entry, index) => {
        if (!isObject(entry) || !given(entry.port)) return undefined;
        const name = text(object(entry.port).name);
        if (names.has(name))
          return { message: `the port name "${name}" is used by an earlier server`, path: [index, 'port'] };
        names.add(name);
        return undefined;
      });
    }),
  ),
];
