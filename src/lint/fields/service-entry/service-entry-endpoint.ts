import type { Json, JsonObject } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { fqdn, isAddress } from '../names.js';
import { object, socketProblem, text } from '../values.js';
import { entry, isDns, PORTS, portsOf, REFUSED, resolution } from './shared.js';

function workloadEntry(endpoint: JsonObject, spec: JsonObject): Problem[] {
  const address = text(endpoint.address);
  const named = Object.keys(object(endpoint.ports));
  if (address === '') return text(endpoint.network) ? [] : ['the endpoint has no address'];
  if (!address.startsWith('unix://'))
    return isAddress(address)
      ? []
      : [
          {
            message: `"${address}" is not an IP address; resolution STATIC takes addresses only (DNS takes names)`,
            path: ['address'],
          },
        ];
  const wrong = socketProblem(address.slice('unix://'.length));
  const problems: Problem[] = wrong === undefined ? [] : [{ message: wrong, path: ['address'] }];
  if (named.length) problems.push({ message: 'an endpoint on a unix socket has no ports', path: ['ports'] });
  if (new Set(portsOf(spec).map((p) => text(p.name))).size !== 1)
    problems.push('with an endpoint on a unix socket the ServiceEntry has exactly one port');
  return problems;
}

function endpointAddress(value: Json, spec: JsonObject): Problem[] {
  const endpoint = object(value);
  if (resolution(spec) === 'STATIC') return workloadEntry(endpoint, spec);
  const address = text(endpoint.address);
  return isDns(spec) && !isAddress(address) && fqdn(address)
    ? [`the address "${address}" of the endpoint is neither a host name nor an IP address`]
    : [];
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0609',
      name: 'service-entry-endpoint',
      title: 'Invalid endpoint address',
      docs: () => ({
        happens: REFUSED,
        instead: 'IP addresses with STATIC; names or addresses with DNS.',
        bad: entry(`${PORTS}\nresolution: STATIC\nendpoints: [{address: db.example.com}]`),
        good: entry(`${PORTS}\nresolution: DNS\nendpoints: [{address: db.example.com}]`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.endpoints[]', (value, { spec }) => endpointAddress(value, spec)),
  ),
];
