import type { Json, JsonObject } from '../../../model/index.js';
import { service } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, rejected } from '../field-rule.js';
import { dns1123Label, portName, qualifiedName } from '../names.js';
import { given, list, number, object, port, text } from '../values.js';
import { headless, oneOf, REJECTED, SERVICE, typeOf } from './shared.js';

function portProblems(value: Json, spec: JsonObject): Problem[] {
  const names = new Set<string>();
  const pairs = new Set<string>();
  const nodePorts = new Set<string>();
  const many = list(value).length > 1;
  return list(value).flatMap((entry, index) => {
    const p = object(entry);
    const problems: Problem[] = [];
    const name = text(p.name);
    const say = (message: string | undefined, field?: string) =>
      message && problems.push({ message, path: field === undefined ? [index] : [index, field] });
    if (name === '') {
      if (many) say('with several ports, each needs a name');
    } else {
      say(dns1123Label(name), 'name');
      if (names.has(name)) say(`the port name "${name}" is used twice`, 'name');
      names.add(name);
    }
    say(port(p.port ?? 0), given(p.port) ? 'port' : undefined);
    if (given(p.protocol)) say(oneOf(p.protocol, ['TCP', 'UDP', 'SCTP']), 'protocol');
    // 0 and an empty name are filled in with the port.
    if (typeof p.targetPort === 'number' && p.targetPort !== 0) say(port(p.targetPort), 'targetPort');
    else if (text(p.targetPort)) say(portName(text(p.targetPort)), 'targetPort');
    if (text(p.appProtocol)) say(qualifiedName(text(p.appProtocol)), 'appProtocol');
    const transport = text(p.protocol) || 'TCP';
    const pair = `${transport}/${number(p.port)}`;
    if (pairs.has(pair)) say(`the port ${pair} is listed twice`);
    pairs.add(pair);
    const nodePort = number(p.nodePort);
    if (nodePort !== 0) {
      if (typeOf(spec) === 'ClusterIP' || typeOf(spec) === 'ExternalName')
        say(`a nodePort cannot be set with type ${typeOf(spec)}`, 'nodePort');
      else say(port(nodePort), 'nodePort');
      if (nodePorts.has(`${transport}/${nodePort}`)) say(`the nodePort ${nodePort} is used twice`, 'nodePort');
      nodePorts.add(`${transport}/${nodePort}`);
    }
    return problems;
  });
}

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0711',
      name: 'service-ports',
      title: 'Missing or invalid ports of a Service',
      docs: () => ({
        happens: REJECTED,
        instead: 'At least one port (unless headless or ExternalName); with several, a name for each.',
        bad: service('selector: {app: shop}\nports: [{port: 80}, {port: 81}]'),
        good: service('selector: {app: shop}\nports: [{name: http, port: 80}, {name: admin, port: 81}]'),
      }),
    },
    at(SERVICE, 'spec', (value) =>
      list(object(value).ports).length || headless(object(value)) || typeOf(object(value)) === 'ExternalName'
        ? undefined
        : 'the Service has no ports',
    ),
    at(SERVICE, 'spec.ports', (value, { spec }) => portProblems(value, spec)),
  ),
];
