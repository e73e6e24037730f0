import type { JsonObject, Resource } from '../../../model/index.js';
import type { Rule } from '../../rule.js';
import { at, SERVICE_ENTRY, warned } from '../field-rule.js';
import { list, object, text } from '../values.js';
import { entry, resolution, TCP } from './shared.js';

/** Istio gives a ServiceEntry addresses of its own unless something speaks against it. */
const addressesAllocated = (resource: Resource, spec: JsonObject): boolean =>
  resolution(spec) !== 'NONE' &&
  list(spec.addresses).length === 0 &&
  (resource.labels['networking.istio.io/enable-autoallocate-ip'] ?? '').toLowerCase() !== 'false';

export const rules: readonly Rule[] = [
  warned(
    {
      code: 'MGW0606',
      name: 'service-entry-tcp-without-address',
      title: 'A TCP port without an address',
      docs: () => ({
        happens: 'Plain TCP has no host name: without an address the entry captures every connection on that port.',
        instead: 'addresses; or a resolution other than NONE, so that Istio allocates one.',
        bad: entry(`${TCP}\nlocation: MESH_EXTERNAL`),
        good: entry(`${TCP}\naddresses: [10.0.0.1]\nlocation: MESH_EXTERNAL`),
      }),
    },
    at(SERVICE_ENTRY, 'spec.ports[]', (value, { resource, spec }) =>
      ['', 'TCP'].includes(text(object(value).protocol)) &&
      !list(spec.addresses).length &&
      !addressesAllocated(resource, spec)
        ? 'a TCP port needs addresses: without them it captures every connection on this port'
        : undefined,
    ),
  ),
];
