import type { Json } from '../../../model/index.js';
import { server } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, GATEWAY, refused } from '../field-rule.js';
import { isAddress } from '../names.js';
import { number, object, socketProblem } from '../values.js';
import { http, REFUSED } from './shared.js';

function bindProblems(bind: Json, serverObject: Json): Problem {
  if (typeof bind !== 'string' || bind === '') return undefined;
  if (!bind.startsWith('unix://')) return isAddress(bind) ? undefined : `"${bind}" is not an IP address`;
  const wrong = socketProblem(bind.slice('unix://'.length));
  if (wrong !== undefined) return wrong;
  return number(object(object(serverObject).port).number) === 0
    ? undefined
    : 'a server on a unix socket has port number 0';
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0306',
      name: 'gateway-bind',
      title: '`bind` is not an IP address',
      docs: () => ({
        happens: REFUSED,
        instead: 'An IP address, or `unix://` with an absolute path and port number 0.',
        bad: server(`${http}\nbind: localhost`),
        good: server(`${http}\nbind: 127.0.0.1`),
      }),
    },
    at(GATEWAY, 'spec.servers[].bind', (value, place) => bindProblems(value, place.up(1))),
  ),
];
