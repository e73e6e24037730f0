// What a command costs on a small file, beside Node that does nothing.

import { expect, test } from 'vitest';
import { ensureBuilt } from '../build.js';
import { type Cost, costOf } from './cost.js';
import { record } from './results.js';

const RUNS = 9;
const FILE = 'fixtures/article/gateway.yaml';
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'meshgw --version': ['bin/meshgw.js', '--version'],
  'meshgw lint': ['bin/meshgw.js', 'lint', FILE],
  'meshgw simulate': ['bin/meshgw.js', 'simulate', '-f', FILE, 'http://httpbin.example.com/status'],
};

const middle = (costs: readonly Cost[], of: (cost: Cost) => number): number =>
  costs.map(of).sort((a, b) => a - b)[costs.length >> 1]!;

test('start-up', () => {
  ensureBuilt();
  const rows = Object.entries(COMMANDS).map(([command, args]) => {
    const costs = Array.from({ length: RUNS }, () => costOf(args));
    return {
      command,
      cpu: middle(costs, (c) => c.cpu),
      wall: middle(costs, (c) => c.wall),
      megabytes: middle(costs, (c) => c.megabytes),
    };
  });
  for (const { command, cpu, wall } of rows)
    process.stderr.write(
      `${command.padEnd(20)} CPU ${cpu.toFixed(2)} s, ${(cpu / rows[0]!.cpu).toFixed(1)} times, by the clock ${wall.toFixed(2)} s\n`,
    );
  record('startup', rows);
  expect(rows.length).toBe(4);
});
