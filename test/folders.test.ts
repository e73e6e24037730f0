// Folders as people have them: charts, kustomize trees, environments, files that are left out.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ignoreRules, isLeftOut } from '../src/sources/ignore-rules.js';
import { folderOf, meshgwIn } from './run-cli.js';

const app = (gateway: string, timeout = '5s') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  gateways: [${gateway}]
  http: [{timeout: ${timeout}, route: [{destination: {host: shop}}]}]
`;
const TEMPLATE = 'metadata:\n  name: {{ .Release.Name }}\n{{- if .Values.x }}\n{{- end }}\n';
const URL = 'http://shop.example.com/';
type Found = { code: string; file: string; message: string; severity: string };
const findings = async (cwd: string, ...argv: string[]): Promise<Found[]> =>
  JSON.parse((await meshgwIn(cwd, ['lint', ...argv, '-o', 'json'])).out).diagnostics;

test('a chart is named with how to render it, and does not stop anything', async () => {
  const cwd = folderOf({
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'charts/shop/templates/vs.yaml': TEMPLATE,
    'config/app.yaml': app('shop'),
  });
  const { code, out, err } = await meshgwIn(cwd, ['simulate', '-f', '.', URL]);
  expect([code, out]).toEqual([0, expect.stringContaining('shop.default.svc.cluster.local')]);
  expect(err).toContain('helm template charts/shop');
  const found = await findings(cwd, '.');
  expect(found.filter((d) => d.severity === 'error')).toEqual([]);
  expect(found).toContainEqual(expect.objectContaining({ code: 'MGW0017', file: 'charts/shop', severity: 'info' }));
});

test('patches of kustomize are no objects, and the folder is named with how to build it', async () => {
  const cwd = folderOf({
    'over/kustomization.yaml':
      'kind: Kustomization\nresources: [app.yaml]\npatches: [{path: part.yaml}]\npatchesStrategicMerge: [gone.yaml]\n',
    'over/app.yaml': app('shop'),
    'over/part.yaml':
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop}\nspec: {hosts: [other.example.com]}\n',
    'over/gone.yaml': '$patch: delete\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: shop}\n',
    'over/more.yaml': '$patch: delete\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: shop}\n',
  });
  const found = await findings(cwd, '.');
  expect(found.filter(({ file }) => !/app|kustomization/.test(file))).toEqual([]);
  expect(found.filter(({ code }) => code === 'MGW0149')).toEqual([]);
  expect(found.find(({ code }) => code === 'MGW0017')?.message).toContain('kustomize build over');
  expect((await meshgwIn(cwd, ['simulate', '-f', '.', URL])).out).toContain('200');
});

test('the namespace of a kustomization is that of the objects that name none', async () => {
  const cwd = folderOf({
    'a/kustomization.yaml': 'kind: Kustomization\nnamespace: team\n',
    'a/app.yaml': app('team/shop'),
    'a/svc.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: [{port: 80, name: http}]}\n',
    'b/app.yaml': app('shop').replaceAll('shop', 'blog'),
  });
  expect((await meshgwIn(cwd, ['simulate', '-f', '.', URL])).out).toContain('shop.team.svc.cluster.local:80');
  expect((await meshgwIn(cwd, ['simulate', '-f', '.', 'http://blog.example.com/'])).out).toContain('blog.default.svc');
});

test('kustomize gives its namespace to objects that name another one, where it lists their file', async () => {
  const named = app('shop').replaceAll('metadata: {name: shop}', 'metadata: {name: shop, namespace: other}');
  const of = async (resources: string) => {
    const cwd = folderOf({
      'over/kustomization.yaml': `kind: Kustomization\nnamespace: web\nresources: [${resources}]\n`,
      'over/app.yaml': named,
    });
    return (await meshgwIn(cwd, ['simulate', '-f', '.', URL])).out;
  };
  expect(await of('app.yaml')).toContain('shop.web.svc.cluster.local');
  expect(await of('./app.yaml')).toContain('shop.web.svc.cluster.local');
  expect(await of('')).toContain('shop.other.svc.cluster.local');
});

test('what cannot be read and is no configuration: a warning below a folder, an error of a file that was named', async () => {
  const broken = (head: string) => `${head}metadata: {name: a}\nspec:\n  a: 1\n  a: 2\n`;
  const cwd = folderOf({
    'app.yaml': app('shop'),
    'x/job.yaml': broken('apiVersion: batch/v1\nkind: Job\n'),
    'x/stack.yaml': 'Description: a\nResources: {}\nDescription: b\n',
    'x/pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - image: {user}/web:1\n    name: a\n',
  });
  const seen = (found: Found[]) => found.map(({ code, file, severity }) => `${code} ${file} ${severity}`);
  expect(seen(await findings(cwd, '.')).filter((f) => f.includes(' x/'))).toEqual([
    'MGW0005 x/job.yaml warning',
    'MGW0004 x/pod.yaml warning',
    'MGW0005 x/stack.yaml warning',
  ]);
  expect(seen(await findings(cwd, 'x/job.yaml'))).toEqual(['MGW0005 x/job.yaml error']);
  expect((await meshgwIn(cwd, ['simulate', '-f', 'app.yaml', '-f', 'x/job.yaml', URL])).code).toBe(2);
  const heads = [
    ...['apiVersion: v1\nkind: Service\n', 'kind: Service\n', 'apiVersion: v1\nkind: List\n'],
    ...['static_resources:\n  listeners: []\n', 'filter_chains:\n- {}\n', '_format_version: "3.0"\n'],
    'configs:\n- "@type": type.googleapis.com/envoy.admin.v3.BootstrapConfigDump\n',
  ];
  for (const ours of heads) {
    const other = folderOf({ 'app.yaml': app('shop'), 'b.yaml': broken(ours) });
    expect(seen(await findings(other, '.')).filter((f) => f.includes('b.yaml'))).toEqual(['MGW0005 b.yaml error']);
  }
});

test('environments are told of once, and looked at each by itself', async () => {
  const cwd = folderOf({ 'dev/app.yaml': app('shopp', '5x'), 'prod/app.yaml': app('shop') });
  const twice = (await findings(cwd, '.')).filter(({ code }) => code === 'MGW0149');
  expect(twice).toHaveLength(1);
  expect(twice[0]!.message).toMatch(/2 objects of dev are defined again in prod.*--per-folder/);
  const apart = await findings(cwd, '.', '--per-folder');
  const alone = [...(await findings(cwd, 'dev')), ...(await findings(cwd, 'prod'))];
  expect(apart.map((d) => `${d.file} ${d.code}`)).toEqual(alone.map((d) => `${d.file} ${d.code}`));
  expect(apart.some((d) => d.code === 'MGW0101' && d.file === 'dev/app.yaml')).toBe(true);
});

test('files of one folder that replace each other are told of once, a few objects one by one', async () => {
  const files = (names: string[]) =>
    folderOf(Object.fromEntries(names.map((name) => [`set/${name}.yaml`, app('shop')])));
  const twice = async (cwd: string) => (await findings(cwd, '.')).filter(({ code }) => code === 'MGW0149');
  const many = await twice(files(['a', 'b', 'c', 'd']));
  expect(many.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^2 objects of set are defined in several files \(\S+ default\/shop in 4 files\).*alternatives/,
    ),
  ]);
  expect(await twice(files(['a', 'b']))).toHaveLength(2);
});

test('what nobody has in files, and what istioctl reads itself, is no error', async () => {
  const cwd = folderOf({
    'operator.yaml': 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: demo}\n',
    'route.yaml': `${app('shop').split('---')[0]}---
apiVersion: v1
kind: Service
metadata: {name: addon, namespace: istio-system}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: istiod}
spec:
  hosts: [istiod.example.com]
  http: [{route: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}}]}]
`,
    'retry.yaml': `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: retry}
spec: {parentRefs: [{name: gw}], rules: [{retry: {attempts: 2}, backendRefs: [{name: web, port: 80}]}]}
`,
  });
  const found = await findings(cwd, 'operator.yaml', 'retry.yaml', 'route.yaml');
  const about = found.filter((d) => d.file !== 'route.yaml' || /istiod/.test(d.message));
  expect(about.filter((d) => d.severity === 'error')).toEqual([]);
  expect(about.map((d) => d.code)).toContain('MGW0018');
});

test('each Ingress of the AWS Load Balancer Controller is a gateway, and an action is no Service', async () => {
  const ingress = (name: string, backend: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}}\nspec:\n  ingressClassName: alb\n  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {${backend}}}}]}}]\n---\n`;
  const svc = 'apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 80}]}\n';
  const cwd = folderOf({
    'in.yaml':
      ingress('one', 'name: go, port: {name: use-annotation}') + ingress('two', 'name: svc, port: {number: 80}') + svc,
  });
  expect((await findings(cwd, 'in.yaml')).filter((d) => d.severity !== 'info')).toEqual([]);
});

test('files are left out by --exclude, by ignore: and by .gitignore', async () => {
  const bad = app('shop', '5x');
  const files = { 'a.yaml': app('shop'), 'build/out.yaml': bad, 'deep/down/gen.yaml': bad };
  const wrong = async (cwd: string, ...argv: string[]) =>
    (await findings(cwd, '.', ...argv)).filter((d) => d.code === 'MGW0202').map((d) => d.file);
  const plain = folderOf(files);
  expect(await wrong(plain)).toEqual(['build/out.yaml', 'deep/down/gen.yaml']);
  expect(await wrong(plain, '--exclude', 'build/', '--exclude', 'gen.*')).toEqual([]);
  expect(await wrong(plain, '--exclude', 'deep/**/gen.yaml')).toEqual(['build/out.yaml']);
  expect(await wrong(folderOf({ ...files, 'meshgw.config.yaml': 'ignore: [build, deep/down]' }))).toEqual([]);
  expect(await wrong(folderOf({ ...files, '.gitignore': 'build/\n', 'deep/.gitignore': '/down/*\n' }))).toEqual([]);
  const above = folderOf({ '.git/HEAD': '', '.gitignore': '*.yaml\n!a.yaml\n', ...files });
  expect((await meshgwIn(above, ['lint', 'build'])).err).toMatch(/holds no .*other than those that \.gitignore/);
  const { code } = await meshgwIn(above, ['lint', 'build/out.yaml']);
  expect(code).toBe(1);
});

test('rules of .gitignore as git reads them', () => {
  const out = (rules: string, path: string, folder = false) =>
    isLeftOut(ignoreRules(rules, '/r'), `/r/${path}`, folder);
  expect(out('*.tmp', 'a/b.tmp')).toBe(true);
  expect(out('/a.yaml', 'b/a.yaml')).toBe(false);
  expect(out('a/', 'a')).toBe(false);
  expect(out('a/', 'x/a', true)).toBe(true);
  expect(out('a/**/z', 'a/z')).toBe(true);
  expect(out('*\n!keep.yaml', 'keep.yaml')).toBe(false);
  expect(out('[a-c]?.yaml\n# d1.yaml', 'b1.yaml')).toBe(true);
  expect(out('[!a].yaml', 'a.yaml')).toBe(false);
  expect(out('\\#a', '#a')).toBe(true);
  expect(out(`${'*a'.repeat(2000)}b`, 'a'.repeat(2000))).toBe(false);
});

test('a pattern of stars and letters fits as a search for its pieces does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (pieces, name) => {
      const pattern = pieces.join('*');
      if (pattern === '' || name === '') return;
      const naive = new RegExp(`^${pieces.join('.*')}$`).test(name);
      expect(isLeftOut(ignoreRules(pattern, '/r'), `/r/${name}`, false)).toBe(naive);
    }),
  );
});

test('-k and --helm start the program of the path, without a shell', async () => {
  const cwd = folderOf({
    'bin/kustomize': `#!/bin/sh\n[ "$1" = build ] && [ "$2" = 'over; x' ] && cat app.yaml\n`,
    'app.yaml': app('shop'),
  });
  chmodSync(join(cwd, 'bin/kustomize'), 0o755);
  const env = { PATH: `${join(cwd, 'bin')}:/bin:/usr/bin` };
  const said = await meshgwIn(cwd, ['simulate', '-k', 'over; x', URL], env);
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('shop.default.svc.cluster.local')]);
  const missing = await meshgwIn(cwd, ['lint', '--helm', 'chart'], { PATH: join(cwd, 'bin') });
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('helm is not on PATH')]);
  const failed = await meshgwIn(cwd, ['lint', '-k', 'other'], env);
  expect([failed.code, failed.err]).toEqual([2, expect.stringContaining('kustomize build other failed')]);
});

const PLACEHOLDERS = [
  'GATEWAY_NAMESPACE_PLACEHOLDER',
  '$(namespace)',
  '${NAMESPACE}',
  '$NAMESPACE',
  '<namespace>',
  'a{{ .ns }}',
  'REPLACEME-a',
  '__NS__',
];

test.each(PLACEHOLDERS)('a placeholder is named once, and what depends on it is not judged: %s', async (text) => {
  const cwd = folderOf({
    'app.yaml': `${app('shop')}---\n${app('shop').replaceAll('name: shop', `name: "${text}"`).replace('host: shop', `host: "shop.${text}.svc.cluster.local"`)}`,
  });
  const found = await findings(cwd, '.');
  expect(found.filter((d) => d.severity === 'error')).toEqual([]);
  expect(found.filter((d) => d.code === 'MGW0019').map((d) => d.severity)).toEqual(['info']);
});

test('what only looks like a placeholder stays what it is', async () => {
  const mode = (tls: string) =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: BACKEND}\nspec: {host: shop, trafficPolicy: {tls: {mode: ${tls}}}}\n`;
  const cwd = folderOf({ 'a.yaml': mode('ISTIO_MUTUEL') });
  const found = await findings(cwd, '.');
  expect(found.map((d) => [d.code, d.severity])).toEqual([
    ['MGW0721', 'error'],
    ['MGW0013', 'error'],
  ]);
});

test('templates beside configuration are a warning for each folder; alone, an error', async () => {
  const many = Object.fromEntries(['a', 'b', 'c'].map((name) => [`t/${name}.yaml`, TEMPLATE]));
  const beside = folderOf({ ...many, 'x/one.yaml': `${TEMPLATE}---\n${TEMPLATE}`, 'app.yaml': app('shop') });
  const about = (await findings(beside, '.')).filter((d) => d.code === 'MGW0004');
  expect(about.map((d) => [d.file, d.severity])).toEqual([
    ['t/a.yaml', 'warning'],
    ['x/one.yaml', 'warning'],
  ]);
  expect(about[0]?.message).toContain('3 files of t ');
  const alone = await findings(folderOf(many), '.');
  expect(alone.map((d) => [d.code, d.severity])).toEqual([['MGW0004', 'error']]);
});

test('a provider that a patch of kustomize may define', async () => {
  const policy =
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: login, namespace: istio-system}\nspec:\n  selector: {matchLabels: {istio: ingressgateway}}\n  action: CUSTOM\n  provider: {name: login}\n  rules: [{}]\n';
  const mesh = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata: {mesh: ""}\n';
  const files = { 'app.yaml': `${app('shop')}---\n${policy}`, 'istio/mesh.yaml': mesh };
  const severity = async (more: Record<string, string>) =>
    (await findings(folderOf({ ...files, ...more }), '.')).find((d) => d.code === 'MGW1530')?.severity;
  expect(await severity({})).toBe('error');
  expect(await severity({ 'istio/kustomization.yaml': 'kind: Kustomization\nresources: [mesh.yaml]\n' })).toBe(
    'warning',
  );
});
