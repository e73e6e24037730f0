// A dialect is one folder: that of fixtures/toy-dialect is dropped into a copy of the source, with skeletons of a dialect and a rule
// beside it. After `npm run generate` the copy compiles, and every command knows the dialect; nothing else is touched.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const FIXTURE = 'fixtures/toy-dialect';
const copy = mkdtempSync(join(tmpdir(), 'meshgw-toy-'));

function call(command: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const meshgw = (...args: string[]) => call('node', 'bin/meshgw.js', ...args);

/** Fails with what the command printed. */
function succeeds({ code, out, err }: ReturnType<typeof call>): void {
  if (code !== 0) throw new Error(`${out.slice(-3000)}\n${err.slice(-3000)}`);
}

beforeAll(() => {
  for (const part of [
    'src',
    'scripts',
    'test',
    'schemas',
    'bin',
    'docs',
    'fixtures/lint',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(part, join(copy, part), { recursive: true });
  symlinkSync(realpathSync('node_modules'), join(copy, 'node_modules'));
  cpSync(FIXTURE, copy, { recursive: true });
  cpSync(`${FIXTURE}/toy`, join(copy, 'src/dialects/toy'), { recursive: true });
  for (const args of [['new:dialect', 'sample-dialect'], ['new:rule', 'sample-rule'], ['generate']])
    succeeds(call('npm', 'run', '--silent', ...args));
  succeeds(call('node', 'scripts/bundle.mjs'));
}, 300_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('it compiles, with the skeletons', () => {
  succeeds(call('node_modules/.bin/tsc', '--noEmit'));
}, 300_000);

test('the skeletons pass the tests of the registries', () => {
  const tests = ['generated', 'lint-registry', 'lint-docs', 'lint-rules', 'import-rule'].map(
    (n) => `test/${n}.test.ts`,
  );
  succeeds(call('node_modules/.bin/vitest', 'run', '--reporter=dot', ...tests));
}, 300_000);

test('the folders of the copy that were there before are as they were, but for generated files', () => {
  const files = (root: string) =>
    (readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
      .filter((f) => f.isFile() && !f.name.includes('.gen.'))
      .map((f) => join(f.parentPath, f.name).slice(root.length));
  const changed = files(`${process.cwd()}/`).filter(
    (file) => readFileSync(join(copy, file), 'utf8') !== readFileSync(file, 'utf8'),
  );
  expect(changed).toEqual([]);
});

test('lint knows its kind, its schema, its annotations and its notes', () => {
  const { diagnostics, summary } = JSON.parse(meshgw('lint', 'wrong.yaml', '-o', 'json').out);
  expect(summary.resources).toBe(1);
  expect(diagnostics.map((d: { code: string; path: string }) => `${d.code} ${d.path}`)).toEqual([
    'MGW1201 metadata.annotations["toy.example.com/strip-prefixes"]',
    'MGW9901 spec',
    'MGW0010 spec.hosts',
  ]);
});

test('simulate asks its gateway, and its flags and its class count', () => {
  const ask = (...args: string[]) => [JSON.parse(meshgw('simulate', ...args, '-o', 'json').out)].flat()[0];
  const api = ask('-f', 'input.yaml', 'http://shop.example.com/api/x');
  expect(api.destination.host).toBe('api.default.svc.cluster.local');
  expect(api.upstream.path).toBe('/x');
  expect(ask('-f', 'input.yaml', 'http://blog.example.com/').destination.host).toBe('web.default.svc.cluster.local');
  expect(ask('-f', 'input.yaml', '--toy-port', '8080', 'http://shop.example.com/').connection).toBe('refused');
  expect(ask('-f', 'document.yaml', 'http://side.example.com/').status).toBe(200);
  const nginx = ask(
    '-f',
    'input.yaml',
    '--class',
    'toy=nginx',
    '--gateway',
    'ingress-nginx',
    'http://blog.example.com/',
  );
  expect(nginx.destination.host).toBe('web.default.svc.cluster.local');
  expect(meshgw('simulate', '-f', 'input.yaml', '--gateway', 'nothing', 'http://a/').err).toContain(
    'the files define: toy',
  );
});

test('routes, diff and ways-in know it', () => {
  const { gateways } = JSON.parse(meshgw('routes', '-f', 'input.yaml', '-o', 'json').out);
  expect(gateways.map((g: { id: string; dialect: string }) => [g.id, g.dialect])).toEqual([['toy', 'toy']]);
  expect(JSON.parse(meshgw('diff', 'input.yaml', 'input.yaml', '-o', 'json').out).equivalent).toBe(true);
  const { differences } = JSON.parse(meshgw('diff', 'input.yaml', 'changed.yaml', '-o', 'json').out);
  expect(differences.length).toBeGreaterThan(0);
  const { services } = JSON.parse(meshgw('ways-in', '-f', 'input.yaml', '-o', 'json').out) as {
    services: { name: string; ways: { kind: string; class?: string }[] }[];
  };
  const ways = services.flatMap(({ name, ways }) => ways.map((w) => `${name} ${w.kind} ${w.class ?? ''}`.trim()));
  expect(ways.sort()).toEqual(['default/api toy', 'default/web ingress toy', 'default/web toy']);
  expect(meshgw('ways-in', '-f', 'input.yaml', '--advise').out).toContain('meshgw convert toy-to-istio');
});

test('convert translates it to Istio, and proves it', () => {
  const { code, out, err } = meshgw('convert', 'toy-to-istio', '-f', 'input.yaml', '--verify');
  expect(out).toContain('kind: VirtualService');
  expect(`${code} ${err}`).toContain('verified');
  const ingress = meshgw('convert', 'ingress-to-istio', '-f', 'input.yaml');
  expect(ingress.out).toContain('blog.example.com');
});

test('serve is that gateway', async () => {
  const server = spawn('node', ['bin/meshgw.js', 'serve', '-f', 'input.yaml', '--listen', '80=0', '-o', 'json'], {
    cwd: copy,
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      let text = '';
      server.stdout.on('data', (chunk: Buffer) => {
        text += chunk;
        if (text.includes('\n')) resolve(text.split('\n')[0]!);
      });
      server.on('exit', () => reject(new Error('serve ended')));
    });
    const port = JSON.parse(line).listening['80'];
    // fetch sets the Host header by itself.
    const destination = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, headers: { host: 'blog.example.com' } }, (answer) => {
        answer.resume();
        resolve(answer.headers['x-meshgw-destination']);
      }).on('error', reject);
    });
    expect(destination).toBe('web.default.svc.cluster.local:80');
  } finally {
    server.kill('SIGTERM');
  }
});
