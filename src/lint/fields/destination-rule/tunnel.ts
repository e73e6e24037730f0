import type { Json } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { fqdn, isAddress } from '../names.js';
import { given, object, text } from '../values.js';
import { POLICIES, REFUSED, shop } from './shared.js';

function tunnel(value: Json): Problem[] {
  const t = object(value);
  const problems: Problem[] = [];
  if (!['', 'CONNECT', 'POST'].includes(text(t.protocol)))
    problems.push({ message: `the tunnel protocol "${text(t.protocol)}" is not CONNECT or POST`, path: ['protocol'] });
  if (fqdn(text(t.targetHost)) && !isAddress(text(t.targetHost)))
    problems.push(`the target host "${text(t.targetHost)}" is neither a host name nor an IP address`);
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0503',
      name: 'tunnel',
      title: 'Invalid tunnel or proxyProtocol',
      docs: () => ({
        happens: REFUSED,
        instead: 'Protocol CONNECT or POST, a target host and port; not together with proxyProtocol.',
        bad: shop('tunnel: {protocol: GET, targetHost: a.example.com, targetPort: 443}'),
        good: shop('tunnel: {protocol: CONNECT, targetHost: a.example.com, targetPort: 443}'),
      }),
    },
    at(
      DESTINATION_RULE,
      POLICIES.map((p) => `${p}.tunnel`),
      tunnel,
    ),
    at(DESTINATION_RULE, POLICIES, (value) =>
      given(object(value).tunnel) && given(object(value).proxyProtocol)
        ? 'tunnel and proxyProtocol exclude each other'
        : undefined,
    ),
  ),
];
