// A big configuration, made without YAML: hosts shared by several VirtualServices, rules with a prefix and a header.

import type { JsonObject, Resource } from '../../src/model/index.js';

export function manyVirtualServices(size: {
  readonly count: number;
  readonly rules: number;
  readonly hosts: number;
}): Resource[] {
  const document = { file: 'generated.yaml', startLine: 1, text: '' };
  const resources: Resource[] = [];
  const add = (kind: string, name: string, spec: JsonObject, group = 'networking.istio.io') => {
    resources.push({
      apiVersion: group ? `${group}/v1` : 'v1',
      group,
      version: 'v1',
      kind,
      name,
      namespace: 'default',
      labels: {},
      annotations: {},
      order: resources.length,
      object: { spec },
      document,
      base: [],
    });
  };
  add('Gateway', 'gw', {
    selector: { istio: 'ingressgateway' },
    servers: [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['*.example.com'],
        tls: { mode: 'SIMPLE', credentialName: 'cert' },
      },
    ],
  });
  for (let i = 0; i < 100; i++) add('Service', `s${i}`, { ports: [{ name: 'http', port: 80 }] }, '');
  for (let i = 0; i < size.count; i++) {
    const http = Array.from({ length: size.rules }, (_, j) => ({
      match: [{ uri: { prefix: `/p${i}/${j}` }, headers: { 'x-a': { exact: 'b' } } }],
      route: [{ destination: { host: `s${(i + j) % 100}`, port: { number: 80 } } }],
    }));
    add('VirtualService', `vs${i}`, { hosts: [`h${i % size.hosts}.example.com`], gateways: ['gw'], http });
  }
  return resources;
}
