// What `meshgw lint` costs on each of seven shapes of configuration (shapes.ts), from a cold start, beside js-yaml's parse of the same file
// and `istioctl analyze` in the same minute, and how it grows to twice the size. Goal: at most 3.2 times the parse at 5,000 objects of ten
// rules (10 MB) and more, below 500 MB. Run: npm run bench -- lint; OBJECTS=10000 RESULTS=/tmp/results.json for another size, SHAPE=regex
// for one shape.

import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../build.js';
import { type Cost, costOf, costOfProgram, parseOf, setting } from './cost.js';
import { fileOf } from './files.js';
import { istioctl } from './istioctl.js';
import { inTime, type Row, record } from './results.js';
import { SHAPES } from './shapes.js';

const OBJECTS = setting('OBJECTS', 5000);
const shapes = Object.keys(SHAPES).filter((name) => name.includes(process.env.SHAPE ?? ''));
const rows: Row[] = [];

const named = (what: string, { cpu, wall, megabytes }: Cost) => ({
  [`${what}Cpu`]: cpu,
  [`${what}Wall`]: wall,
  [`${what}Megabytes`]: megabytes,
});

test.each(shapes)('lint, %s', (shape) => {
  ensureBuilt();
  const file = fileOf(shape, OBJECTS);
  const [yaml, lint] = [costOf(parseOf(file)), costOf(['bin/meshgw.js', 'lint', file])];
  // It knows nothing of ingress-nginx. Code 79: it found something.
  const peer = shape.startsWith('nginx') ? undefined : istioctl();
  const analyze =
    peer && inTime()
      ? costOfProgram(peer, ['analyze', '--use-kube=false', '--output', 'json', file], [0, 79])
      : undefined;
  const twice = inTime() ? costOf(['bin/meshgw.js', 'lint', fileOf(shape, 2 * OBJECTS)]) : undefined;
  const text = Number((statSync(file).size / 1e6).toFixed(1));
  rows.push({
    shape,
    objects: OBJECTS,
    text,
    ...named('yaml', yaml),
    ...named('lint', lint),
    ...(analyze ? named('istioctl', analyze) : {}),
    ...(twice ? named('twice', twice) : {}),
  });
  const beside = analyze
    ? `; istioctl analyze ${analyze.cpu.toFixed(1)} s, by the clock ${analyze.wall.toFixed(1)} s`
    : '';
  const growth = twice ? `; of twice the size ${twice.cpu.toFixed(1)} s, ${twice.megabytes} MB` : '';
  process.stderr.write(
    `${shape.padEnd(24)} ${text} MB  js-yaml ${yaml.cpu.toFixed(2)} s  lint ${lint.cpu.toFixed(2)} s, ${(lint.cpu / yaml.cpu).toFixed(2)} times, by the clock ${lint.wall.toFixed(2)} s, ${lint.megabytes} MB${growth}${beside}\n`,
  );
  record('lint', rows);
  expect(rows.length).toBeGreaterThan(0);
});
