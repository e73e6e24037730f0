// What a stranger can put on the disk: links, pipes, devices, names. Nothing is read or written outside of the folders that the user named.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { fileNames, MAX_CONFIG_BYTES, writeUserFile } from '../src/files/index.js';

const folder = () => realpathSync(mkdtempSync(join(tmpdir(), 'meshgw-stranger-')));

async function meshgw(cwd: string, ...args: string[]) {
  let [out, err] = ['', ''];
  const code = await run(args, {
    cwd,
    env: {},
    stdout: { write: (t) => void (out += t), isTTY: false, columns: 80 },
    stderr: { write: (t) => void (err += t), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    now: () => 0,
  });
  return { code, out, err, all: out + err };
}

const INGRESS = (name: string, namespace = 'default') => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${JSON.stringify(name)}, namespace: ${JSON.stringify(namespace)}}
spec:
  ingressClassName: istio
  rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
`;

const FIXABLE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: default}
spec:
  hosts: ["a.example.com"]
  gateways: [mesh]
  http:
  - fault: {delay: {percent: 10, fixedDelay: 1s}}
    route: [{destination: {host: web, port: {number: 80}}}]
`;

/** Every file below a folder with its content; links as what they are. */
const tree = (root: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(root, { recursive: true }) as string[]).sort().flatMap((name) => {
      const path = join(root, name);
      const stats = lstatSync(path);
      return stats.isDirectory() ? [] : [[name, stats.isFile() ? readFileSync(path, 'utf8') : 'special']];
    }),
  );

describe('--out', () => {
  const NAMES: [name: string, namespace: string][] = [
    ['shop', 'x/../../prod/virtualservice-shop'],
    ['../../prod/x', 'default'],
    ['/etc/cron.d/x', '/'],
    ['..\\..\\prod\\x', 'default'],
    ['C:\\x', 'default'],
    ['x:stream', 'default'],
    ['a\u0000b\nc', 'default'],
    ['.', '..'],
    ['x'.repeat(5000), 'y'.repeat(300)],
    ['\ud800', '💥'.repeat(100)],
  ];
  test.each(NAMES)('writes into the folder only, whatever names are: %j in %j', async (name, namespace) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'input.yaml'), INGRESS(name, namespace));
    const { code } = await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', 'out');
    const written = Object.keys(tree(cwd)).filter((file) => file !== 'input.yaml');
    for (const file of written) expect(file).toMatch(/^out\/[\w%-][\w%.-]{0,249}\.yaml$/);
    if (code !== 2) expect(written.length).toBeGreaterThan(0);
  });

  const PLACES: [what: string, prepare: (cwd: string) => void, out: string][] = [
    [
      'a link in the place of a file',
      (cwd) => {
        mkdirSync(join(cwd, 'out'));
        symlinkSync('../precious/a.txt', join(cwd, 'out', 'virtualservice-default-a-example-com.yaml'));
      },
      'out',
    ],
    [
      'a dangling link in the place of a file',
      (cwd) => {
        mkdirSync(join(cwd, 'out'));
        symlinkSync('../precious/new.txt', join(cwd, 'out', 'virtualservice-default-a-example-com.yaml'));
      },
      'out',
    ],
    ['a link in the place of the folder', (cwd) => symlinkSync('precious', join(cwd, 'out')), 'out'],
    ['the same, absolute', (cwd) => symlinkSync('precious', join(cwd, 'out')), 'ABSOLUTE/out'],
    ['a dangling link in the place of the folder', (cwd) => symlinkSync('precious/new', join(cwd, 'out')), 'out'],
    ['a link on the way', (cwd) => symlinkSync('precious', join(cwd, 'way')), 'way/out'],
    ['a loop of links', (cwd) => symlinkSync('out', join(cwd, 'out')), 'out'],
    ['a file in the place of the folder', (cwd) => writeFileSync(join(cwd, 'out'), ''), 'out'],
    [
      'a pipe in the place of a file',
      (cwd) => {
        mkdirSync(join(cwd, 'out'));
        execFileSync('mkfifo', [join(cwd, 'out', 'virtualservice-default-a-example-com.yaml')]);
      },
      'out',
    ],
  ];
  test.each(PLACES)('does not write through %s', async (_, prepare, out) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'input.yaml'), INGRESS('shop'));
    mkdirSync(join(cwd, 'precious'));
    writeFileSync(join(cwd, 'precious', 'a.txt'), 'precious');
    prepare(cwd);
    const target = out.replace('ABSOLUTE', cwd);
    const { code, err } = await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', target);
    expect(code).toBe(2);
    expect(err).toContain('cannot write');
    expect(tree(join(cwd, 'precious'))).toEqual({ 'a.txt': 'precious' });
  });

  test('a second name of a file elsewhere is replaced, the file stays', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'input.yaml'), INGRESS('shop'));
    writeFileSync(join(cwd, 'precious.txt'), 'precious');
    mkdirSync(join(cwd, 'out'));
    linkSync(join(cwd, 'precious.txt'), join(cwd, 'out', 'virtualservice-default-a-example-com.yaml'));
    const { code } = await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', 'out');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'precious.txt'), 'utf8')).toBe('precious');
    expect(readdirSync(join(cwd, 'out'))).toEqual([
      'gateway-default-shop-gateway.yaml',
      'virtualservice-default-a-example-com.yaml',
    ]);
  });

  test('again into the same folder: files are replaced, no other stays behind', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'input.yaml'), INGRESS('shop'));
    await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', 'new/out');
    const first = tree(join(cwd, 'new'));
    await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--out', './new/out/');
    expect(tree(join(cwd, 'new'))).toEqual(first);
    expect(Object.keys(first)).toHaveLength(2);
  });
});

test('names of files are different, also where case does not count, and not too long', () => {
  const named = (...names: string[][]) =>
    fileNames(
      names.map((parts) => ({ parts, identity: JSON.stringify(parts) })),
      '.yaml',
    );
  expect(named(['service', 'a', 'b'])).toEqual(['service-a-b.yaml']);
  const odd = named(
    ['s', 'a-b', 'c'],
    ['s', 'a', 'b-c'],
    ['s', 'A', 'b-C'],
    ['s', 'a', 'b-c'],
    ['s', 'x'.repeat(400)],
    ['s', `${'x'.repeat(400)}y`],
    ['s', 'ä'],
    ['s', 'a\u0308'],
  );
  expect(new Set(odd.map((name) => name.toLowerCase())).size).toBe(odd.length);
  for (const name of odd) expect(name).toMatch(/^[\w%-][\w%.-]{1,249}$/);
});

test('--diff reads below its folder only', async () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'input.yaml'), INGRESS('shop', 'x/../../prod/virtualservice-shop'));
  mkdirSync(join(cwd, 'prod'));
  writeFileSync(join(cwd, 'prod', 'virtualservice-shop-a-example-com.yaml'), 'secret');
  const plain = await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--diff', 'out');
  expect(plain.code).toBe(0);
  expect(plain.all).not.toContain('secret');
  mkdirSync(join(cwd, 'out'));
  symlinkSync('../prod/virtualservice-shop-a-example-com.yaml', join(cwd, 'out', 'gateway-default-shop-gateway.yaml'));
  writeFileSync(join(cwd, 'input.yaml'), INGRESS('shop'));
  const linked = await meshgw(cwd, 'convert', 'ingress-to-istio', '-f', 'input.yaml', '--diff', 'out');
  expect(linked).toMatchObject({ code: 2 });
  expect(linked.all).not.toContain('secret');
});

describe('--fix', () => {
  test('a file below the folder by a link out of it is reported, not written', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'outside.yaml'), FIXABLE);
    mkdirSync(join(cwd, 'conf'));
    symlinkSync('../outside.yaml', join(cwd, 'conf', 'x.yaml'));
    const { code, err } = await meshgw(cwd, 'lint', 'conf', '--fix');
    expect([code, readFileSync(join(cwd, 'outside.yaml'), 'utf8')]).toEqual([1, FIXABLE]);
    expect(err).toContain('conf/x.yaml:1:1 MGW0009');
  });

  test('a link that is named itself is read, not written', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'real.yaml'), FIXABLE);
    symlinkSync('real.yaml', join(cwd, 'x.yaml'));
    const { code, err } = await meshgw(cwd, 'lint', 'x.yaml', '--fix');
    expect([code, readFileSync(join(cwd, 'real.yaml'), 'utf8')]).toEqual([1, FIXABLE]);
    expect(err).toContain('not fixed: cannot write x.yaml: it is a link');
  });

  test('a file that has a link beside it is fixed by its own name; its mode stays', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'conf'));
    writeFileSync(join(cwd, 'conf', 'real.yaml'), FIXABLE);
    chmodSync(join(cwd, 'conf', 'real.yaml'), 0o640);
    symlinkSync('real.yaml', join(cwd, 'conf', 'a.yaml'));
    const { code } = await meshgw(cwd, 'lint', 'conf', '--fix');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'conf', 'real.yaml'), 'utf8')).toContain('percentage');
    expect(statSync(join(cwd, 'conf', 'real.yaml')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(cwd, 'conf', 'a.yaml')).isSymbolicLink()).toBe(true);
  });
});

test('--report and others that name a file: no link, no special file, no folder', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'precious.txt'), 'precious');
  symlinkSync('precious.txt', join(cwd, 'report.json'));
  execFileSync('mkfifo', [join(cwd, 'pipe.json')]);
  for (const name of ['report.json', 'pipe.json', '.', '', '-', 'precious.txt/x'])
    expect(() => writeUserFile(name, 'x', { cwd }), name).toThrow(/cannot write|standard output/);
  expect(readFileSync(join(cwd, 'precious.txt'), 'utf8')).toBe('precious');
  writeUserFile('/dev/null', 'x', { cwd });
  writeUserFile('a/b/new.json', 'x', { cwd, mode: 0o600 });
  expect(statSync(join(cwd, 'a/b/new.json')).mode & 0o777).toBe(0o600);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

describe('reading', () => {
  test('below a folder: links inside of it are followed, everything else is a finding', async () => {
    const cwd = folder();
    const conf = join(cwd, 'conf');
    mkdirSync(join(conf, '..data'), { recursive: true });
    mkdirSync(join(conf, 'folder.yaml'));
    writeFileSync(join(cwd, 'secret.yaml'), 'stringData: {password: hunter2}');
    writeFileSync(join(conf, '..data', 'inside.yaml'), INGRESS('inside'));
    symlinkSync('..data/inside.yaml', join(conf, 'inside.yaml'));
    symlinkSync('../secret.yaml', join(conf, 'outside.yaml'));
    symlinkSync('inside.yaml', join(conf, '..data', 'chain.yaml'));
    symlinkSync('/dev/zero', join(conf, 'zero.yaml'));
    symlinkSync('/proc/self/environ', join(conf, 'environ.yaml'));
    symlinkSync('/proc/self/fd/0', join(conf, 'stdin.yaml'));
    symlinkSync('loop.yaml', join(conf, 'loop.yaml'));
    symlinkSync('nothing', join(conf, 'dangling.yaml'));
    symlinkSync('/', join(conf, 'everything'));
    execFileSync('mkfifo', [join(conf, 'pipe.yaml')]);
    for (const input of ['conf', 'conf/*.yaml']) {
      const { code, out } = await meshgw(cwd, 'lint', input, '-o', 'json');
      const { diagnostics, summary } = JSON.parse(out);
      expect([code, summary.resources]).toEqual([1, 1]);
      const unread = diagnostics.filter((d: { code: string }) => d.code === 'MGW0009');
      const names = unread.map((d: { file: string }) => d.file.replace('conf/', ''));
      const files = [
        'dangling.yaml',
        'environ.yaml',
        'loop.yaml',
        'outside.yaml',
        'pipe.yaml',
        'stdin.yaml',
        'zero.yaml',
      ];
      expect(names).toEqual(input === 'conf' ? [...files.slice(0, 2), 'everything', ...files.slice(2)] : files);
      expect(out).not.toContain('hunter2');
    }
    expect(await meshgw(cwd, 'simulate', '-f', 'conf', 'http://a.example.com/')).toMatchObject({ code: 2 });
  });

  test('a folder that many links lead to is read in no time', async () => {
    const cwd = folder();
    for (let i = 0; i < 12; i++) {
      mkdirSync(join(cwd, `f${i}`));
      for (let j = 0; j < 12; j++) symlinkSync(`../f${j}`, join(cwd, `f${i}`, `l${j}`));
    }
    writeFileSync(join(cwd, 'f0', 'a.yaml'), INGRESS('a'));
    const start = performance.now();
    const { out } = await meshgw(cwd, 'lint', '.', '-o', 'json');
    expect(JSON.parse(out).summary.files).toBe(1);
    expect(performance.now() - start).toBeLessThan(8000);
  });

  test('a file that is named may be a link, but is a regular file', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'real.yaml'), INGRESS('a'));
    symlinkSync('real.yaml', join(cwd, 'link.yaml'));
    symlinkSync('/dev/zero', join(cwd, 'zero.yaml'));
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    const asked = ['simulate', 'http://a.example.com/', '--gateway', 'istio=ingressgateway'];
    expect(await meshgw(cwd, ...asked, '-f', 'link.yaml')).toMatchObject({ code: 0 });
    for (const name of ['zero.yaml', 'pipe.yaml', '/dev/zero']) {
      const config = await meshgw(cwd, ...asked, '-f', name);
      expect([config.code, config.err]).toEqual([
        2,
        expect.stringMatching(/cannot read .*it is a (device|named pipe)/),
      ]);
      for (const flags of [
        ['--requests', name],
        ['--check', name],
        ['--jwks', `https://keys.example=${name}`],
        ['-d', `@${name}`],
      ]) {
        const words =
          flags[0] === '--requests' || flags[0] === '--check' ? asked.filter((a) => !a.includes('://')) : asked;
        const other = await meshgw(cwd, ...words, '-f', 'real.yaml', ...flags);
        expect([other.code, other.err], flags.join(' ')).toEqual([2, expect.stringContaining('cannot read')]);
      }
    }
  });

  test('meshgw.config.yaml: no device, no link out of its folder, not too long', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'a.yaml'), INGRESS('a'));
    for (const target of ['/dev/zero', '/etc/hostname', 'meshgw.config.yaml']) {
      mkdirSync(join(cwd, 'work'), { recursive: true });
      const work = mkdtempSync(join(cwd, 'work', 'x'));
      symlinkSync(target, join(work, 'meshgw.config.yaml'));
      const { code, err } = await meshgw(work, 'lint', join(cwd, 'a.yaml'));
      expect([code, err]).toEqual([2, expect.stringContaining('meshgw.config.yaml: it is a link')]);
    }
    writeFileSync(join(cwd, 'meshgw.config.yaml'), '#'.repeat(MAX_CONFIG_BYTES + 1));
    expect(await meshgw(cwd, 'lint', 'a.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('larger than 1 MB'),
    });
    expect(await meshgw(cwd, 'lint', 'a.yaml', '--config', 'meshgw.config.yaml')).toMatchObject({ code: 2 });
  });
});

test('one folder of src opens files of users; the others open their own', () => {
  const OWN = [
    'src/cli/main.ts', // standard error, when nothing else can be written
    'src/cli/serve/ca.ts', // makes its folder with a mode of its own
    'src/cli/serve/record.ts', // writes to what src/files opened
    'src/serve/envoy-engine.ts', // a temporary folder of its own
  ];
  const opens = /^(?:open|read|write|append|copy|cp|rename|truncate|link|symlink|mkdir|create)/;
  const asks = /^(?:readdir|realpath)/;
  const found = (readdirSync('src', { recursive: true }) as string[])
    .map((name) => join('src', name))
    .filter((name) => /\.(?:tsx?)$/.test(name) && !name.startsWith('src/files/'))
    .filter((name) => {
      const text = readFileSync(name, 'utf8');
      // Names only, so that this list sees all of them.
      expect(text, name).not.toMatch(
        /import \* as \w+ from 'node:fs|import\w* \w+ from 'node:fs|(?:import|require)\('(?:node:)?fs|from 'fs/,
      );
      return [...text.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)]
        .flatMap((m) => m[1]!.split(','))
        .some((word) => opens.test(word.trim()) && !asks.test(word.trim()));
    });
  expect(found.sort()).toEqual(OWN);
});
