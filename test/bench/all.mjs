// `npm run bench`: everything, one part after the other, in less than 12 minutes on two quiet cores; then the tables of README.md and
// docs/scale.md. `npm run bench -- lint` is one part. BENCH_MINUTES is when what can be left out is left out (and named).

import { spawnSync } from 'node:child_process';

const PARTS = ['startup', 'serve', 'decide', 'lint', 'commands', 'again', 'diff'];
/** The growth of the algebra on its own is a matter for those who work on it. */
const WHOLE = PARTS.filter((part) => part !== 'diff');
const MINUTES = Number(process.env.BENCH_MINUTES ?? 10);

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: there are ${PARTS.join(', ')}`);
const env = asked.length > 0 ? process.env : { ...process.env, BENCH_UNTIL: String(Date.now() + MINUTES * 60_000) };

/** Whether it ended well. */
const run = (args, more = {}) =>
  spawnSync('npx', ['vitest', 'run', ...args], { stdio: 'inherit', env: { ...env, ...more } }).status === 0;

const begun = Date.now();
const failed = (asked.length > 0 ? asked : WHOLE).filter(
  (part) => !run(['--config', 'vitest.bench.config.ts', `test/bench/${part}.bench.ts`]),
);
console.log(
  `${((Date.now() - begun) / 60_000).toFixed(1)} minutes${failed.length > 0 ? `; FAILED: ${failed.join(', ')}` : ''}`,
);
if (!process.env.RESULTS && !run(['test/measured.test.ts'], { UPDATE_README: '1' })) failed.push('tables');
process.exitCode = failed.length === 0 ? 0 : 1;
