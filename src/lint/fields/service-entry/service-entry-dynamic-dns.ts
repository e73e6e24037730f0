import { type Json, own, type Resource } from '../../../model/index.js';
import { serviceEntry } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { list, object, protocol, text } from '../values.js';
import { entry, PORTS, REFUSED, resolution } from './shared.js';

function dynamicDns(value: Json, resource: Resource): Problem[] {
  const spec = object(value);
  if (resolution(spec) !== 'DYNAMIC_DNS') return [];
  const problems: Problem[] = list(spec.hosts).map((host, index) =>
    text(host).startsWith('*') ? undefined : { message: 'DYNAMIC_DNS needs wildcard hosts', path: ['hosts', index] },
  );
  for (const field of ['addresses', 'endpoints'])
    if (list(own(spec, field)).length)
      problems.push({ message: `DYNAMIC_DNS cannot be combined with ${field}`, path: [field] });
  for (const [index, p] of list(spec.ports).entries())
    if (!['HTTP', 'TLS', 'GRPC', 'HTTP2'].includes(protocol(object(p).protocol) ?? ''))
      problems.push({ message: 'DYNAMIC_DNS works with HTTP, TLS, GRPC and HTTP2 only', path: ['ports', index] });
  const waypoint = resource.labels['istio.io/use-waypoint'] ?? '';
  if (spec.location === 'MESH_INTERNAL' && waypoint && waypoint.toLowerCase() !== 'none')
    problems.push({
      message: 'DYNAMIC_DNS with location MESH_INTERNAL does not work with waypoints',
      path: ['location'],
    });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0611',
      name: 'service-entry-dynamic-dns',
      title: 'DYNAMIC_DNS with settings that it does not support',
      docs: () => ({
        happens: REFUSED,
        instead: 'Wildcard hosts, ports of HTTP, HTTP2, GRPC or TLS, no addresses, no endpoints.',
        bad: entry(`${PORTS}\nresolution: DYNAMIC_DNS`),
        good: serviceEntry(`hosts: ["*.example.com"]\n${PORTS}\nresolution: DYNAMIC_DNS`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', (value, { resource }) => dynamicDns(value, resource)),
  ),
];
