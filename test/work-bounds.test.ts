// No command takes more than 10 s of CPU time or 700 MB on any of the shapes of test/bounds/shapes.ts, nor ends by a
// fault of its own. `npm run bounds` runs all shapes (BOUNDS_ONLY: those whose name has this text); every day the short ones.

import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandsFor, inFolder, measure } from './bounds/measure.js';
import { shapes } from './bounds/shapes.js';
import { ensureBuilt } from './build.js';

const MOST_CPU_MS = 10_000;
const MOST_RSS_MB = 700;

const root = resolve(import.meta.dirname, '..');
const all = process.env.BOUNDS === 'all';
const only = process.env.BOUNDS_ONLY ?? '';
const commands = process.env.BOUNDS_COMMANDS?.split(',');
const listed = shapes.filter(({ name, short }) => (all || short) && name.includes(only));

beforeAll(() => ensureBuilt());

describe.each(listed)('$name', (shape) => {
  const asked = commandsFor(shape).filter(([command]) => !commands || commands.includes(command!));
  test.each(asked.map((args) => ({ args, command: args.join(' ') })))(
    '$command',
    { timeout: 120_000 },
    async ({ args }) => {
      const { cpuMs, rssMb, status, stderr } = await inFolder(shape, (folder) => measure(root, folder, args));
      if (all)
        process.stderr.write(
          `${(cpuMs / 1000).toFixed(1).padStart(5)} s ${rssMb.toFixed(0).padStart(5)} MB  exit ${status}  ${shape.name}: ${args.join(' ')}\n`,
        );
      expect(stderr).not.toContain('internal error in meshgw');
      expect(status, stderr).not.toBeNull();
      expect(cpuMs).toBeLessThanOrEqual(MOST_CPU_MS);
      expect(rssMb).toBeLessThanOrEqual(MOST_RSS_MB);
    },
  );
});
