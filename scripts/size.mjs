// `npm run size`: how large the package is, packed and installed with what it depends on, and how long it takes to start. The dependencies
// are looked up in node_modules, so that nothing is downloaded. Limits fail the script: sizes only ever grow unnoticed.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** MB. */
const LIMITS = { packed: 1.5, installed: 25 };
const RUNS = 9;

const [{ size, unpackedSize, entryCount }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  }),
);
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const installed = Object.entries(lock.packages).filter(
  ([path, p]) => path !== '' && !p.dev && !p.optional && !p.devOptional,
);
const dependencies = installed
  .map(([path]) => ({ path, bytes: bytesOf(join(root, path)) }))
  .sort((a, b) => b.bytes - a.bytes);

const total = unpackedSize + dependencies.reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`packed     ${mb(size)} in ${entryCount} files (limit ${LIMITS.packed} MB)`);
console.log(`unpacked   ${mb(unpackedSize)}`);
console.log(`installed  ${mb(total)} with ${dependencies.length} packages (limit ${LIMITS.installed} MB)`);
for (const { path, bytes } of dependencies.slice(0, 8))
  console.log(`           ${mb(bytes)} ${path.replace(/^node_modules\//, '')}`);
const bare = cpuOf('-e', '0');
console.log(`start-up   CPU of a process, median of ${RUNS}: node -e 0 ${ms(bare)}`);
for (const args of [
  ['--version'],
  ['lint', 'fixtures/article/gateway.yaml'],
  ['simulate', '-f', 'fixtures/article/gateway.yaml', 'http://httpbin.example.com/status'],
]) {
  const cpu = cpuOf('bin/meshgw.js', ...args);
  console.log(`           ${ms(cpu)} (${(cpu / bare).toFixed(1)} times) meshgw ${args[0]}`);
}
if (size > LIMITS.packed * 1e6 || total > LIMITS.installed * 1e6) process.exitCode = 1;

/** What the files of a package take on the disk, packages inside it left out. */
function bytesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum;
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(path) : entry.isFile() ? statSync(path).blocks * 512 : 0);
  }, 0);
}

/** Median CPU of a child process, ms: what it took is printed when it ends. */
function cpuOf(...args) {
  const preload =
    'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process._rawDebug((user+system)/1000)})';
  const times = Array.from({ length: RUNS }, () => {
    const { stderr } = spawnSync(process.execPath, ['--import', preload, ...args], { cwd: root, encoding: 'utf8' });
    return Number(stderr.trim().split('\n').at(-1));
  });
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
