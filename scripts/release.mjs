// `npm run release`: what a release consists of, in dist/release: the package as `npm install` takes it, the single file, their checksums.
// The package's manifest is without what only the repository needs: with its scripts there npm warns who installs the file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist/release'));
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const { scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stage = mkdtempSync(join(tmpdir(), 'meshgw-release-'));
try {
  for (const name of manifest.files) cpSync(join(root, name), join(stage, name), { recursive: true });
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', target], {
    cwd: stage,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  rmSync(stage, { recursive: true });
}
execFileSync(process.execPath, [join(root, 'scripts/single-file.mjs'), join(target, 'meshgw.mjs')], {
  stdio: 'ignore',
});

const files = readdirSync(target).sort();
const sums = files.map(
  (name) =>
    `${createHash('sha256')
      .update(readFileSync(join(target, name)))
      .digest('hex')}  ${name}\n`,
);
writeFileSync(join(target, 'SHA256SUMS'), sums.join(''));
for (const name of [...files, 'SHA256SUMS']) console.log(join(target, name));
