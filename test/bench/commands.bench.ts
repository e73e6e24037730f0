// What each command costs: on 1,000 objects of ten rules in every shape, on 1,000 Ingresses of one host, and at 10,000 hosts of ten routes
// (20 MB, 20,000 objects). docs/scale.md has what this printed. Run: npm run bench -- commands; OBJECTS=100 MANY=1000
// RESULTS=/tmp/results.json for other sizes, ONLY=routes for one command.

import { expect, test } from 'vitest';
import { ensureBuilt } from '../build.js';
import { costOf, parseOf, setting } from './cost.js';
import { changed, fileOf, folder, ingressesOfOneHost } from './files.js';
import { inTime, type Row, record } from './results.js';
import { costOfServe } from './serve-cost.js';
import { SHAPES } from './shapes.js';

const OBJECTS = setting('OBJECTS', 1000);
const MANY = setting('MANY', 10_000);
const URL_OF_ONE = 'http://app-77.example.com/api/v1/resource-77/x';

/** Name → arguments of Node and the codes that it may end with, for a file. */
type Command = (file: string, shape: string) => readonly [args: readonly string[], ...codes: number[]];

const conversion = (shape: string): string =>
  /^(nginx|Ingress)/.test(shape)
    ? 'ingress-to-istio'
    : shape.startsWith('HTTPRoute')
      ? 'gateway-api-to-istio'
      : 'istio-to-gateway-api';

const meshgw = (...args: string[]): string[] => ['bin/meshgw.js', ...args];

const COMMANDS: Readonly<Record<string, Command>> = {
  'js-yaml': (file) => [parseOf(file), 0],
  lint: (file) => [meshgw('lint', file), 0],
  diff: (file) => [meshgw('diff', file, changed(file)), 1],
  routes: (file) => [meshgw('routes', '-f', file), 0],
  'generate-tests': (file) => [meshgw('generate-tests', '-f', file), 0],
  'convert --verify': (file, shape) => [
    meshgw('convert', conversion(shape), '-f', file, '--verify', '--allow-loss'),
    0,
    1,
  ],
};

const AT_SCALE: Readonly<Record<string, Command>> = {
  'js-yaml': COMMANDS['js-yaml']!,
  simulate: (file) => [meshgw('simulate', '-f', file, URL_OF_ONE), 0],
  routes: COMMANDS.routes!,
  'ways-in': (file) => [meshgw('ways-in', '-f', file), 0],
  'generate-tests': COMMANDS['generate-tests']!,
  diff: COMMANDS.diff!,
  'convert --out': (file, shape) => [
    meshgw('convert', conversion(shape), '-f', file, '--allow-loss', '--out', `${folder}/out`),
    0,
  ],
};

const wanted = (name: string) => name.startsWith(process.env.ONLY ?? '');

interface Asked {
  readonly name: string;
  readonly command: Command;
  readonly shape: string;
  readonly objects: number;
  readonly file: () => string;
}

const over = (
  commands: Readonly<Record<string, Command>>,
  shape: string,
  objects: number,
  file = () => fileOf(shape, objects),
) =>
  Object.entries(commands)
    .filter(([name]) => wanted(name))
    .map(([name, command]): Asked => ({ name, command, shape, objects, file }));

/** Measures and records one after the other; what would be too late is left out and named. */
function measure(part: string, list: readonly Asked[]): void {
  ensureBuilt();
  const rows: Row[] = [];
  for (const { name, command, shape, objects, file } of list) {
    if (!inTime()) {
      process.stderr.write(`left out, out of time: ${name}, ${shape}, ${objects}\n`);
      continue;
    }
    const [args, ...codes] = command(file(), shape);
    const cost = costOf(args, codes);
    rows.push({ command: name, shape, objects, ...cost });
    process.stderr.write(
      `${name.padEnd(18)} ${shape.padEnd(36)} ${String(objects).padStart(6)}  CPU ${cost.cpu.toFixed(1).padStart(6)} s, by the clock ${cost.wall.toFixed(1).padStart(6)} s, ${cost.megabytes} MB\n`,
    );
    record(part, rows);
  }
  expect(rows.length > 0 || !inTime()).toBe(true);
}

const withoutLint = Object.fromEntries(Object.entries(COMMANDS).filter(([name]) => name !== 'lint'));

test('1,000 Ingresses of one host', () => {
  const shape = (patterns: number) =>
    `Ingresses of one host, ${patterns} ${patterns === 1 ? 'pattern' : 'patterns'} each`;
  measure('one host', [
    ...over(COMMANDS, shape(1), OBJECTS, () => ingressesOfOneHost(OBJECTS, 1)),
    ...over(COMMANDS, shape(10), OBJECTS, () => ingressesOfOneHost(OBJECTS, 10)),
  ]);
});

test('every shape', () =>
  measure(
    'shapes',
    Object.keys(SHAPES).flatMap((shape) => over(withoutLint, shape, OBJECTS)),
  ));

test('10,000 hosts', async () => {
  const simulate = Object.fromEntries(Object.entries(AT_SCALE).filter(([name]) => name === 'simulate'));
  measure('scale', [
    ...over(AT_SCALE, 'prefix', MANY),
    ...['nginx with captures', 'HTTPRoute with headers'].flatMap((shape) => over(simulate, shape, MANY)),
  ]);
});

test.runIf(wanted('serve'))('serve of 10,000 hosts', async () => {
  if (!inTime()) return;
  ensureBuilt();
  const file = fileOf('prefix', MANY);
  const rows = (await costOfServe(file)).map((row) => ({ ...row, shape: 'prefix', objects: MANY }));
  for (const { command, cpu, megabytes } of rows)
    process.stderr.write(`${command.padEnd(36)} CPU ${cpu.toFixed(1)} s, ${megabytes} MB\n`);
  record('serve start', rows);
  expect(rows.length).toBe(2);
});
