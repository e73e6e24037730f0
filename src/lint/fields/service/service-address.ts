import { isIP } from 'node:net';
import type { JsonObject } from '../../../model/index.js';
import { service } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, rejected } from '../field-rule.js';
import { dns1123Subdomain, isCidr } from '../names.js';
import { given, list, object, text } from '../values.js';
import { headless, PORTS, REJECTED, SERVICE, typeOf } from './shared.js';

function clusterIp(spec: JsonObject): Problem[] {
  const type = typeOf(spec);
  const given1 = text(spec.clusterIP);
  const all = list(spec.clusterIPs).map(text);
  if (type === 'ExternalName')
    return given1 || all.length
      ? [{ message: 'an ExternalName Service has no cluster address', path: ['clusterIP'] }]
      : [];
  const problems: Problem[] = [];
  if (headless(spec) && (type === 'NodePort' || type === 'LoadBalancer'))
    problems.push({ message: `a Service of type ${type} cannot be headless`, path: ['clusterIP'] });
  if (given1 && given1 !== 'None' && !isIP(given1))
    problems.push({ message: `"${given1}" is not an IP address (or None)`, path: ['clusterIP'] });
  if (given1 && all.length && all[0] !== given1)
    problems.push({ message: 'the first of clusterIPs has to be clusterIP', path: ['clusterIPs'] });
  for (const [index, ip] of all.entries())
    if (ip !== 'None' && !isIP(ip))
      problems.push({ message: `"${ip}" is not an IP address (or None)`, path: ['clusterIPs', index] });
  return problems;
}

function externalName(spec: JsonObject): Problem {
  if (typeOf(spec) !== 'ExternalName') return undefined;
  const name = text(spec.externalName).replace(/\.$/, '');
  const problem = name === '' ? 'an ExternalName Service needs externalName' : dns1123Subdomain(name);
  return problem ? { message: problem, path: given(spec.externalName) ? ['externalName'] : [] } : undefined;
}

/** Addresses that cannot belong to a Service: unspecified, loopback, link-local. */
const special = (ip: string): boolean =>
  /^(?:0\.0\.0\.0$|127\.|169\.254\.|224\.0\.0\.|::$|::1$|fe[89ab]|ff02)/i.test(ip);

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0713',
      name: 'service-address',
      title: 'Invalid address of a Service',
      docs: () => ({
        happens: REJECTED,
        instead: 'IP addresses, CIDR blocks, and a DNS name as externalName.',
        bad: service(`clusterIP: shop\n${PORTS}`),
        good: service(`clusterIP: None\n${PORTS}`),
      }),
    },
    at(SERVICE, 'spec', (value) => [...clusterIp(object(value)), externalName(object(value))]),
    at(SERVICE, 'spec.externalIPs[]', (value) =>
      isIP(text(value))
        ? special(text(value))
          ? `"${text(value)}" is not a valid address of a Service`
          : undefined
        : `"${text(value)}" is not an IP address`,
    ),
    at(SERVICE, 'spec.loadBalancerSourceRanges[]', (value, { spec }) =>
      typeOf(spec) !== 'LoadBalancer' || isCidr(text(value).trim())
        ? undefined
        : `"${text(value)}" is not a CIDR block such as 10.0.0.0/8`,
    ),
  ),
];
