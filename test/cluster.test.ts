// --context and --envoy: what kubectl is asked, and what is made of its answers. A stand-in for it writes down its arguments.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { own } from '../src/model/index.js';
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
        // As Istio's bootstrap has it: without it Envoy answers paths with # by itself.
        layered_runtime: {
          layers: [
            {
              name: 'global config',
              static_layer: { 'envoy.reloadable_features.http_reject_path_with_fragment': 'false' },
            },
          ],
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
  *go-template*) cat secrets ;;
  *pilot-agent*) cat dump.json ;;
  *exec*) echo 'no such program' >&2; exit 1 ;;
  *get*) cat objects.json ;;
esac
`,
    resources: API_RESOURCES,
    secrets: 'web|shop-cert|kubernetes.io/tls|||||tls.key|\n',
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
      ...['--kubeconfig=a b', '--context=prod', 'get', 'secrets', '--all-namespaces', '-o'],
      expect.stringContaining('go-template={{range .items}}'),
    ],
  ]);
});

test('--with-secrets asks for their contents', async () => {
  const { run, asked } = clusterOf();
  expect((await run('lint', '--context', 'prod', '--with-secrets')).code).toBeLessThan(2);
  expect(asked().join()).toContain('configmaps,secrets,services');
  expect(asked().join()).not.toContain('go-template');
});

const HTTPS = {
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop', namespace: 'web' } },
  spec: {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['shop.example.com'], secretName: 'shop-cert' }],
    rules: [{ host: 'shop.example.com', http: { paths: [] } }],
  },
};

/** A certificate for other.example.com, base64, with its key behind it as some keep them. */
async function bundle(): Promise<{ encoded: string; key: string }> {
  const { generate } = await import('selfsigned');
  const names = [{ type: 2 as const, value: 'other.example.com' }];
  const made = await generate([{ name: 'commonName', value: 'other' }], {
    ...{
      keyType: 'ec',
      notBeforeDate: new Date('2026-01-01'),
      notAfterDate: new Date('2027-12-01'),
      extensions: [{ name: 'subjectAltName', altNames: names }],
    },
  });
  return { encoded: Buffer.from(`${made.cert}\n${made.private}`).toString('base64'), key: made.private };
}

test('of Secrets in the cluster certificates are looked at, and keys count as being there', async () => {
  const { encoded } = await bundle();
  const lint = async (line: string) => {
    const { cwd, run } = clusterOf();
    writeFileSync(join(cwd, 'objects.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [HTTPS] }));
    writeFileSync(join(cwd, 'secrets'), line);
    const { out } = await run('lint', '--context', 'prod', '-o', 'json');
    return (JSON.parse(out) as { diagnostics: { code: string; message: string }[] }).diagnostics.filter(({ code }) =>
      /^MGW011[5-8]$/.test(code),
    );
  };
  expect(await lint(`web|shop-cert|kubernetes.io/tls|${encoded}||||tls.key|\n`)).toMatchObject([
    { code: 'MGW0117', message: expect.stringContaining('it names DNS:other.example.com') },
  ]);
  expect(await lint('web|shop-cert|Opaque|||||tls.key|\n')).toMatchObject([
    { code: 'MGW0116', message: expect.stringContaining('it has no tls.crt') },
  ]);
  expect(await lint(`web|shop-cert|Opaque|${encoded}|||||\n`)).toMatchObject([
    { code: 'MGW0116', message: expect.stringContaining('it has no tls.key') },
    { code: 'MGW0117' },
  ]);
});

/** The real one, asked about a Secret of an API server that knows nothing else; what it prints is kept. */
test.skipIf(!existsSync('/usr/bin/kubectl'))(
  'kubectl itself keeps the values of keys (where it is installed)',
  async () => {
    const { encoded, key } = await bundle();
    const certificate = encoded.slice(0, encoded.length / 2);
    const items = [
      {
        ...{ metadata: { namespace: 'web', name: 'shop-cert' }, type: 'kubernetes.io/tls' },
        data: { 'tls.crt': certificate, 'tls.key': Buffer.from(key).toString('base64') },
      },
      { metadata: { namespace: 'web', name: 'users' }, type: 'Opaque', data: { auth: 'cGFzc3dvcmQ=' } },
      { metadata: { namespace: 'web', name: 'empty' }, type: 'Opaque' },
    ];
    const answers: Readonly<Record<string, object>> = {
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
      '/api/v1': {
        ...{ kind: 'APIResourceList', groupVersion: 'v1' },
        resources: [{ name: 'secrets', singularName: 'secret', namespaced: true, kind: 'Secret', verbs: ['list'] }],
      },
      '/api/v1/secrets': { kind: 'SecretList', apiVersion: 'v1', metadata: {}, items },
    };
    const server = createServer((request, response) => {
      const answer = own(answers, (request.url ?? '').replace(/\?.*/, ''));
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const { port } = server.address() as AddressInfo;
      const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
      const cwd = folderOf({
        'bin/kubectl': '#!/bin/sh\n/usr/bin/kubectl "$@" | tee -a printed\n',
        kubeconfig: JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Config', clusters: [cluster] },
          contexts: [{ name: 'prod', context: { cluster: 'c', user: '' } }],
        }),
      });
      chmodSync(join(cwd, 'bin/kubectl'), 0o755);
      const path = { PATH: `${join(cwd, 'bin')}:/bin:/usr/bin`, HOME: cwd };
      await meshgwIn(cwd, ['lint', '--context', 'prod', '--kubeconfig', 'kubeconfig'], path);
      const printed = readFileSync(join(cwd, 'printed'), 'utf8');
      expect(printed).toContain(
        [
          `web|shop-cert|kubernetes.io/tls|${certificate}||||tls.key|`,
          'web|users|Opaque||||||',
          'web|empty|Opaque||||||',
        ].join('\n'),
      );
    } finally {
      server.close();
    }
  },
);

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
