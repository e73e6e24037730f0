// `environment:` of meshgw.config.yaml: what the files do not say is read by every command, flags win, and what was assumed is told.
import { expect, test } from 'vitest';
import { folderOf, meshgwIn } from './run-cli.js';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: public
  tls: [{hosts: [web.example.com]}]
  rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
`;
const ROUTE = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  gateways: [infra/public]
  http: [{route: [{destination: {host: shop, port: {number: 80}}}]}]
`;

test('classes: the Ingress is read as ingress-nginx would, and a flag wins', async () => {
  const cwd = folderOf({ 'in.yaml': INGRESS, 'meshgw.config.yaml': 'environment: {classes: {public: nginx}}' });
  const ask = ['simulate', '-f', 'in.yaml', 'http://web.example.com/', '-o', 'json'];
  const said = await meshgwIn(cwd, ask);
  expect(JSON.parse(said.out)[0]).toMatchObject({ gateway: 'ingress-nginx', status: 308 });
  expect(said.err).toMatch(/^assumed: ingress-nginx has its default settings[^\n]*\n$/);
  const flag = await meshgwIn(cwd, [...ask, '--class', 'public=kubernetes']);
  expect(JSON.parse(flag.out)[0]).toMatchObject({ status: 200 });
});

test('that ingress-nginx has no ConfigMap can be said, by flag and in the file', async () => {
  const cwd = folderOf({
    'in.yaml': INGRESS.replace('public', 'nginx'),
    'meshgw.config.yaml': 'environment: {ingressNginxConfigmap: none}',
    'none.yaml': 'lint: {}',
  });
  const ask = ['simulate', '-f', 'in.yaml', 'http://web.example.com/', '-o', 'json'];
  expect((await meshgwIn(cwd, ask)).err).toBe('');
  const open = [...ask, '--config', 'none.yaml'];
  expect((await meshgwIn(cwd, open)).err).toMatch(/^assumed: ingress-nginx has its default settings/);
  expect((await meshgwIn(cwd, [...open, '--ingress-nginx-configmap', 'none'])).err).toBe('');
});

test('assumeGateways: each command works as if the gateway were there, and says so', async () => {
  const cwd = folderOf({
    'in.yaml': ROUTE,
    'meshgw.config.yaml': 'environment: {assumeGateways: [infra/public=*.example.com]}',
  });
  const ask = ['simulate', '-f', 'in.yaml', '-o', 'json'];
  const said = await meshgwIn(cwd, [...ask, 'http://shop.example.com/']);
  expect(JSON.parse(said.out)[0].destination.host).toBe('shop.default.svc.cluster.local');
  expect(said.err).toMatch(/^assumed: Gateway infra\/public serves [^\n]*\*\.example\.com[^\n]*\n$/);
  const flag = await meshgwIn(cwd, [...ask, 'http://shop.example.com/', '--assume-gateway', 'infra/public=other.com']);
  expect(JSON.parse(flag.out)[0].status).toBe(404);
  for (const command of ['routes', 'ways-in', 'lint']) {
    const { out, err } = await meshgwIn(cwd, [command, 'in.yaml', '-o', 'json']);
    expect(err, command).toMatch(/^assumed: Gateway infra\/public/);
    expect(JSON.parse(out).assumptions, command).toMatchObject([{ code: 'gateway' }]);
  }
  const diff = await meshgwIn(cwd, ['diff', 'in.yaml', 'in.yaml', '-o', 'json']);
  expect(diff.err.match(/assumed:/g)).toHaveLength(1);
  expect(JSON.parse(diff.out).assumptions).toMatchObject([{ code: 'gateway' }]);
});

test('defaultTlsSecret and the report of convert', async () => {
  const cwd = folderOf({
    'in.yaml': INGRESS,
    'meshgw.config.yaml': 'environment: {classes: {public: nginx}, defaultTlsSecret: certs/wildcard}',
  });
  const { out } = await meshgwIn(cwd, ['convert', 'ingress-to-istio', '-f', 'in.yaml']);
  expect(out).toContain('wildcard');
});

test('servicePorts: the line that the report asks for is the answer, and a flag wins', async () => {
  const named = INGRESS.replace('public', 'nginx').replace('number: 80', 'name: http');
  const cwd = folderOf({
    'in.yaml': named,
    'none.yaml': 'lint: {}',
    'meshgw.config.yaml': 'environment: {servicePorts: {http: 9, default/web:http: 8080}}',
    'bad.yaml': 'environment: {servicePorts: {http: web}}',
  });
  const ask = ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--default-tls-secret', 'a/b'];
  // Istio takes the only port of a Service, the Gateway API needs its number.
  const asked = await meshgwIn(cwd, [...ask, '--config', 'none.yaml']);
  expect([asked.code, asked.out.includes('number:')]).toEqual([0, true]);
  const needed = ['convert', 'ingress-to-gateway-api', '-f', 'in.yaml', '--config', 'none.yaml'];
  expect((await meshgwIn(cwd, needed)).code).toBe(1);
  const line = /--service-port \S+=NUMBER/.exec(asked.err.replaceAll(/\s+/g, ' '))?.[0];
  const answered = await meshgwIn(cwd, [
    ...ask,
    ...['--config', 'none.yaml', ...line!.replace('NUMBER', '8081').split(' ')],
  ]);
  expect([answered.code, answered.out.includes('number: 8081')]).toEqual([0, true]);
  expect(answered.err).toContain('assumed: port http of Service default/web is 8081');
  const said = await meshgwIn(cwd, ask);
  expect([said.code, said.out.includes('number: 8080')]).toEqual([0, true]);
  expect((await meshgwIn(cwd, [...ask, '--service-port', 'default/web:http=7000'])).out).toContain('number: 7000');
  expect(await meshgwIn(cwd, [...ask, '--config', 'bad.yaml'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('bad.yaml:1:36: '),
  });
  for (const wrong of ['http', 'http=0', 'http=65536', 'web:http=80', 'a/b:=1'])
    expect((await meshgwIn(cwd, [...ask, '--service-port', wrong])).err).toContain('is not NAME=NUMBER');
});

test('jwks: files beside the configuration; a broken configuration stops every command at its place', async () => {
  const cwd = folderOf({
    'in.yaml': ROUTE,
    'keys.json': '{"keys": []}',
    'meshgw.config.yaml': 'environment: {jwks: {https://id.example.com: keys.json}, assumeGateways: [infra/public]}',
    'bad.yaml': 'environment: {class: {a: nginx}}',
  });
  expect((await meshgwIn(cwd, ['routes', '-f', 'in.yaml'])).code).toBe(0);
  for (const command of [['routes'], ['lint'], ['simulate', 'http://shop.example.com/']]) {
    const { code, err } = await meshgwIn(cwd, [...command, '-f', 'in.yaml', '--config', 'bad.yaml']);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('bad.yaml:1:15: unknown key `class` in `environment`; did you mean `classes`?'),
    ]);
  }
});
