// `meshgw diff REVISION:PATH …`: a path of a revision is what git takes it for.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Io } from '../src/cli/io.js';
import { run } from '../src/cli/run.js';

const ingress = (service: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: ${service}, port: {number: 80}}}
`;

/** `team/config/` and, at the top, `config/` differ; the revision has one Service name, the working tree another. */
function repository(): string {
  const root = mkdtempSync(join(tmpdir(), 'meshgw-git-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  const write = (service: string) => {
    writeFileSync(join(root, 'config', 'gateway.yaml'), ingress(`top-${service}`));
    writeFileSync(join(root, 'team', 'config', 'gateway.yaml'), ingress(`team-${service}`));
  };
  git('init', '-q');
  for (const folder of ['config', 'team/config', 'team/only-here', 'docs'])
    mkdirSync(join(root, folder), { recursive: true });
  write('old');
  writeFileSync(join(root, 'docs', 'readme.md'), 'text\n');
  writeFileSync(join(root, 'team', 'only-here', 'ümlaut name.yaml'), `\ufeff${ingress('named')}`);
  symlinkSync('gateway.yaml', join(root, 'config', 'link.yaml'));
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'a');
  write('new');
  return root;
}

async function diff(cwd: string, ...sides: string[]): Promise<string> {
  let text = '';
  const output = { write: (t: string) => void (text += t), isTTY: false, columns: 80 };
  const io: Io = { cwd, env: {}, stdout: output, stderr: output, stdin: async () => Buffer.from(''), now: () => 0 };
  const code = await run(['diff', ...sides], io);
  const destinations = [...text.matchAll(/→ ([\w-]+)\.default/g)].map((m) => m[1]);
  return code === 2 ? text.trim() : `exit ${code}: ${[...new Set(destinations)].join(' ')}`;
}

describe('REVISION:PATH', () => {
  const root = repository();
  const team = join(root, 'team');
  const cases: readonly [where: string, cwd: string, before: string, after: string, said: string][] = [
    ['a path from the top, at the top', root, 'HEAD:config', 'config', 'exit 1: top-old top-new'],
    ['a path from the top, in a folder', team, 'HEAD:config/', 'config', 'exit 1: top-old team-new'],
    ['./ in a folder', team, 'HEAD:./config', 'config', 'exit 1: team-old team-new'],
    ['../ in a folder', team, 'HEAD:../config', '../config', 'exit 1: top-old top-new'],
    ['a file', root, 'HEAD:team/config/gateway.yaml', 'team/config', 'exit 1: team-old team-new'],
    ['an odd name, with a byte order mark', root, 'HEAD:team/only-here', 'HEAD:team/only-here', 'exit 0: '],
    [
      'a path from here without ./',
      team,
      'HEAD:only-here',
      'config',
      'error: no YAML or JSON file under only-here at HEAD\nhint: from the top of the repository: HEAD:team/only-here, from here: HEAD:./only-here',
    ],
    ['nothing to read', root, 'HEAD:docs', 'config', 'error: no YAML or JSON file under docs at HEAD'],
    ['out of the repository', root, 'HEAD:../x', 'config', 'error: ../x leads out of the git repository'],
    ['an option', root, '--output=x:config', 'config', ''],
    [
      'a revision without a path',
      root,
      'HEAD',
      'config',
      'error: HEAD is a revision without a path\nhint: name what to compare: HEAD:config/, or HEAD: for the whole repository',
    ],
    ['the whole repository', team, 'HEAD:', 'HEAD:', 'exit 0: '],
    [
      'no such revision',
      root,
      'nosuch:config',
      'config',
      'error: git ls-tree failed: fatal: Not a valid object name nosuch\nhint: a side of a diff is a path, or REVISION:PATH inside a git repository',
    ],
  ];
  test.each(cases)('%s', async (_, cwd, before, after, said) => {
    const got = await diff(cwd, before, after);
    if (said === '') expect(got).toMatch(/^error: /);
    else expect(got).toBe(said);
  });
});
