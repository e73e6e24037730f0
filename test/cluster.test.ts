// --context and --envoy: what kubectl is asked, and what is made of its answers. A stand-in for it writes down its arguments.

import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

const SERVICE = (targetPort: number) => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' } },
  spec: { selector: { istio: 'ingressgateway' }, ports: [{ name: 'http', port: 80, targetPort }] },
});
const OBJECTS = [
  {
    ...{ apiVersion: 'networking.istio.io/v1', kind: 'Gateway' },
    metadata: { name: 'shop', namespace: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'] }],
    },
  },
  {
    ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'shop', namespace: 'web' } },
    spec: {
      hosts: ['shop.example.com'],
      gateways: ['shop'],
      http: [{ route: [{ destination: { host: 'shop.web.svc.cluster.local', port: { number: 80 } } }] }],
    },
  },
  SERVICE(8080),
];

const API_RESOURCES = `configmaps cm v1 true ConfigMap
secrets v1 true Secret
services svc v1 true Service
jobs batch/v1 true Job
gateways gw networking.istio.io/v1 true Gateway
virtualservices vs networking.istio.io/v1 true VirtualService
`;

const route = (cluster: string) => ({
  ...{ match: { prefix: '/' }, route: { cluster, timeout: '0s' } },
  metadata: {
    filter_metadata: {
      istio: { config: '/apis/networking.istio.io/v1/namespaces/web/virtual-service/shop' },
    },
  },
});
const manager = {
  '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
  ...{ normalize_path: true, rds: { route_config_name: 'http.8080' }, use_remote_address: true },
  http_filters: [{ name: 'envoy.filters.http.router' }],
};
const dump = (cluster: string) => ({
  configs: [
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump',
      bootstrap: {
        node: {
          id: 'router~10.0.0.1~gw-1.istio-system~x',
          metadata: { LABELS: { istio: 'ingressgateway', pod: '1' } },
        },
      },
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',
      dynamic_listeners: [
        {
          active_state: {
            listener: {
              ...{ name: '0.0.0.0_8080', address: { socket_address: { address: '0.0.0.0', port_value: 8080 } } },
              filter_chains: [{ filters: [{ name: 'hcm', typed_config: manager }] }],
            },
          },
        },
      ],
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.RoutesConfigDump',
      dynamic_route_configs: [
        {
          route_config: {
            ...{ name: 'http.8080', ignore_port_in_host_matching: true },
            virtual_hosts: [{ name: 'shop', domains: ['shop.example.com'], routes: [route(cluster)] }],
          },
        },
      ],
    },
  ],
});

const SHOP = 'outbound|80||shop.web.svc.cluster.local';

/** A folder with files like the cluster's, and a kubectl that answers from files. */
function clusterOf(cluster = SHOP) {
  const cwd = folderOf({
    'bin/kubectl': `#!/bin/sh
for a in "$@"; do printf '%s\\n' "$a" >> asked; done; echo -- >> asked
case "$*" in
  *api-resources*) cat resources ;;
  *custom-columns*) echo 'web shop-cert kubernetes.io/tls' ;;
  *pilot-agent*) cat dump.json ;;
  *exec*) echo 'no such program' >&2; exit 1 ;;
  *get*) cat objects.json ;;
esac
`,
    resources: API_RESOURCES,
    'objects.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }),
    'dump.json': JSON.stringify(dump(cluster)),
    'files/all.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }),
  });
  chmodSync(join(cwd, 'bin/kubectl'), 0o755);
  const asked = () =>
    (existsSync(join(cwd, 'asked')) ? readFileSync(join(cwd, 'asked'), 'utf8') : '').split('--\n').filter(Boolean);
  return { cwd, asked, run: (...argv: string[]) => meshgwIn(cwd, argv, { PATH: `${join(cwd, 'bin')}:/bin:/usr/bin` }) };
}

test('--context asks for the kinds that are read, and for Secrets by name only', async () => {
  const { run, asked } = clusterOf();
  const said = await run('simulate', '--context', 'prod', '--kubeconfig', 'a b', 'http://shop.example.com/');
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('→ shop.web.svc.cluster.local:80')]);
  expect(asked().map((line) => line.trim().split('\n'))).toEqual([
    ['--kubeconfig=a b', '--context=prod', 'api-resources', '--verbs=list', '--no-headers'],
    [
      ...['--kubeconfig=a b', '--context=prod', 'get'],
      ...['configmaps,services,gateways.networking.istio.io,virtualservices.networking.istio.io'],
      ...['--all-namespaces', '-o', 'json'],
    ],
    [
      ...['--kubeconfig=a b', '--context=prod', 'get', 'secrets', '--all-namespaces', '--no-headers', '-o'],
      'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,TYPE:.type',
    ],
  ]);
});

test('--with-secrets asks for their contents', async () => {
  const { run, asked } = clusterOf();
  expect((await run('lint', '--context', 'prod', '--with-secrets')).code).toBeLessThan(2);
  expect(asked().join()).toContain('configmaps,secrets,services');
  expect(asked().join()).not.toContain('custom-columns');
});

test('files, the cluster and its gateway are compared with each other', async () => {
  const { run } = clusterOf();
  expect(await run('diff', 'files', '--context', 'prod')).toMatchObject({ code: 0 });
  const same = await run('diff', 'files', '--envoy', 'gw-1.istio-system');
  expect([same.code, same.out]).toEqual([0, expect.stringContaining('equivalent')]);
  const other = clusterOf('outbound|80||old.web.svc.cluster.local');
  const said = await other.run('diff', 'files', '--context', 'prod', '--envoy', 'gw-1.istio-system');
  expect([said.code, said.out]).toEqual([1, expect.stringContaining('old.web.svc.cluster.local')]);
  expect(said.out).toContain('config_dump of gw-1.istio-system:');
  expect(said.out).toMatch(
    /^the files and the cluster prod\nequivalent.*the files and what gw-1\.istio-system runs\n/s,
  );
});

test('--envoy asks the pod in the ways that it may have', async () => {
  const { run, asked } = clusterOf();
  const said = await run('simulate', '--envoy', 'gw-1.istio-system', 'http://shop.example.com:8080/');
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('VirtualService web/shop')]);
  expect(asked()).toEqual(
    ['exec\ngw-1\n-n\nistio-system\n--\npilot-agent\nrequest\nGET\nconfig_dump\n'].flatMap((a) => a.split('--\n')),
  );
});

test.each(['gw', '-x.istio-system', 'a b.c', 'gw.', '--all.x'])('--envoy %s is no pod', async (pod) => {
  const { run, asked } = clusterOf();
  const said = await run('simulate', `--envoy=${pod}`, 'http://shop.example.com/');
  expect([said.code, said.err]).toEqual([2, expect.stringContaining('is no pod')]);
  expect(asked()).toEqual([]);
});

test('without kubectl, what to do', async () => {
  const { cwd } = clusterOf();
  const said = await meshgwIn(cwd, ['lint', '--context', 'prod'], { PATH: '/nowhere' });
  expect([said.code, said.err]).toEqual([2, expect.stringContaining('kubectl is not on PATH')]);
});
