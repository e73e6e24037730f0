import type { Json } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { dns1123Label, dns1123Subdomain, pathSegment, portName } from '../names.js';
import { given, object, port, text } from '../values.js';
import { on, REJECTED, rule, TO_SHOP } from './shared.js';

const BACKENDS = ['spec.defaultBackend', 'spec.backend', 'spec.rules[].http.paths[].backend'];

function backend(value: Json, version: string): Problem[] {
  const b = object(value);
  if (version !== 'v1') return [];
  if (given(b.resource) && given(b.service)) return ['a backend is a service or a resource, not both'];
  if (given(b.resource)) {
    const { apiGroup, kind, name } = object(b.resource);
    return [
      text(apiGroup) === '' ? undefined : at2(dns1123Subdomain(text(apiGroup)), ['resource', 'apiGroup']),
      text(kind) === '' ? 'the resource has no kind' : at2(pathSegment(text(kind)), ['resource', 'kind']),
      text(name) === '' ? 'the resource has no name' : at2(pathSegment(text(name)), ['resource', 'name']),
    ];
  }
  if (!given(b.service)) return ['the backend names neither a service nor a resource'];
  const s = object(b.service);
  const p = object(s.port);
  const named = text(p.name) !== '';
  const numbered = given(p.number) && p.number !== 0;
  return [
    text(s.name) === ''
      ? { message: 'the service has no name', path: ['service'] }
      : at2(dns1123Label(text(s.name)), ['service', 'name']),
    named && numbered
      ? { message: 'the port has a name and a number; write one', path: ['service', 'port'] }
      : undefined,
    named && !numbered ? at2(portName(text(p.name)), ['service', 'port', 'name']) : undefined,
    numbered && !named ? at2(port(p.number!), ['service', 'port', 'number']) : undefined,
    named || numbered
      ? undefined
      : { message: 'the port of the service has neither a number nor a name', path: ['service'] },
  ];
}

const at2 = (message: string | undefined, path: string[]): Problem => (message ? { message, path } : undefined);

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0705',
      name: 'ingress-backend',
      title: 'A backend of an Ingress is incomplete',
      docs: () => ({
        happens: REJECTED,
        instead: 'A service with a name and a port (number or name), or a resource.',
        bad: rule('{path: /, pathType: Prefix, backend: {service: {name: shop}}}'),
        good: rule(`{path: /, pathType: Prefix, ${TO_SHOP}}`),
      }),
    },
    on(BACKENDS, (value, { resource }) => backend(value, resource.version)),
  ),
];
