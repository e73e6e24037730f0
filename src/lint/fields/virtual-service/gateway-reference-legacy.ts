import type { Json } from '../../../model/index.js';
import { virtualService } from '../../examples.js';
import type { Place, Problem, Rule } from '../../rule.js';
import { at, VIRTUAL_SERVICE, warned } from '../field-rule.js';
import { list, text } from '../values.js';
import { BASE } from './shared.js';

/** `gw.ns.svc.cluster.local`, only where Istio gets to it. */
function legacyNames(value: Json, { resource, path }: Place): Problem[] {
  const index = list(value).findIndex((name) => !text(name).includes('/'));
  const name = text(list(value)[index]);
  if (index < 0 || !name.includes('.')) return [];
  const [local, namespace] = name.split('.');
  const better = `${namespace}/${local}`;
  return [
    {
      message: `"${name}" is the deprecated form of a gateway name; write "${better}"`,
      path: [index],
      fix: {
        description: `write ${better}`,
        edits: [{ op: 'set', origin: { resource, path: [...path, index] }, value: better }],
      },
    },
  ];
}

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0403',
      name: 'gateway-reference-legacy',
      title: 'A gateway name in the deprecated form',
      docs: () => ({
        happens: 'It still works, but the other names after it are not validated.',
        instead: '`<namespace>/<name>`.',
        bad: virtualService(`gateways: [shop.default.svc.cluster.local]\n${BASE}`),
        good: virtualService(`gateways: [default/shop]\n${BASE}`),
      }),
    },
    at(VIRTUAL_SERVICE, ['spec.gateways', 'spec.tls[].match[].gateways'], legacyNames),
  ),
];
