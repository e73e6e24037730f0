// ServiceEntries beside each other: pkg/config/analysis/analyzers/serviceentry (Istio of 2026-08-22).

import { originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { documents, serviceEntry } from '../examples.js';
import { rivals } from '../rivals.js';
import type { Rule } from '../rule.js';

const KIND = 'networking.istio.io/ServiceEntry';
const entry = (protocol: string, name: string) =>
  serviceEntry(
    `hosts: [partner.example.com]\nports: [{number: 443, name: p, protocol: ${protocol}}]\nresolution: DNS`,
    name,
  );
const tcp = (rest: string) =>
  serviceEntry(`hosts: [db.example.com]\nports: [{number: 5432, name: db, protocol: TCP}]\nresolution: DNS${rest}`);

function scopesOf(resource: Resource): readonly string[] {
  const exportTo = stringsOf(specOf(resource).exportTo);
  if (!exportTo.length || exportTo.includes('*')) return ['*'];
  return exportTo.map((to) => (to === '.' ? resource.namespace : to));
}

interface PortClaim {
  readonly resource: Resource;
  readonly protocol: string;
  readonly index: number;
}

function* portClaims(catalog: Catalog) {
  for (const resource of catalog.ofKind(KIND)) {
    const spec = specOf(resource);
    const ports = objectsOf(spec.ports);
    for (const host of stringsOf(spec.hosts))
      for (const [index, port] of ports.entries()) {
        const claim: PortClaim = { resource, index, protocol: (stringOf(port.protocol) ?? '').toUpperCase() };
        yield { name: `${host}:${numberOf(port.number)}`, scopes: scopesOf(resource), claim };
      }
  }
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0137',
    name: 'service-entry-protocol-conflict',
    severity: 'warning',
    category: 'conflict',
    istio: 'IST0177',
    title: 'ServiceEntries give one host and port different protocols',
    docs: () => ({
      happens: 'Which protocol is used depends on which entry Istio reads first.',
      instead: 'One entry per host, or the same protocol in all.',
      bad: documents(entry('TLS', 'one'), entry('HTTP', 'two')),
      good: documents(entry('TLS', 'one'), entry('TLS', 'two')),
    }),
    check: ({ catalog }, report) => {
      const said = new Set<Resource>();
      for (const { name, rivals: claims } of rivals(portClaims(catalog))) {
        const protocols = [...new Set(claims.map((c) => c.protocol))].sort();
        if (protocols.length < 2) continue;
        for (const { resource, index } of claims) {
          if (said.has(resource)) continue;
          said.add(resource);
          const other = claims.find((c) => c.resource !== resource);
          report({
            message: `${name} is ${protocols.map((p) => p || 'without a protocol').join(' and ')} in several ServiceEntries: which one applies is not defined`,
            at: originOf(resource, 'spec', 'ports', index),
            ...(other
              ? {
                  related: [
                    { message: 'another entry', place: originOf(other.resource, 'spec', 'ports', other.index) },
                  ],
                }
              : {}),
          });
        }
      }
    },
  },
  {
    code: 'MGW0614',
    name: 'service-entry-allocated-address',
    severity: 'info',
    category: 'field',
    istio: 'IST0134',
    title: 'A TCP port whose address Istio allocates',
    docs: () => ({
      happens:
        'Since Istio 1.25 the entry gets an address of its own; only clients that ask the DNS proxy of the mesh (DNS capture) reach it there.',
      instead: 'addresses, where clients do not use the DNS proxy.',
      bad: tcp(''),
      good: tcp('\naddresses: [10.0.0.1]'),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.ofKind(KIND)) {
        const spec = specOf(resource);
        const allocated =
          objectsOf((resource.object.status as { addresses?: never } | undefined)?.addresses).length > 0;
        if (spec.addresses !== undefined || allocated) continue;
        for (const [index, port] of objectsOf(spec.ports).entries())
          if (['', 'TCP'].includes((stringOf(port.protocol) ?? '').toUpperCase()))
            report({
              message: 'a TCP port without addresses: clients reach it through the DNS proxy of the mesh only',
              at: originOf(resource, 'spec', 'ports', index),
            });
      }
    },
  },
];
