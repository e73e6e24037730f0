// The files that are mutated: all small fixtures, of configuration and of requests.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MOST_BYTES = 12_000;
const all = (readdirSync('fixtures', { recursive: true, encoding: 'utf8' }) as string[]).sort();
const small = (name: string) => statSync(join('fixtures', name)).size <= MOST_BYTES;
const read = (name: string) => readFileSync(join('fixtures', name));

/** Files that hold objects of Kubernetes. */
export const configFiles: readonly Buffer[] = all
  .filter((name) => /\.ya?ml$/.test(name) && !/request|expected|exchange/.test(name) && small(name))
  .map(read)
  .filter((bytes) => bytes.includes('kind:'));

/** Files of requests in all formats. */
export const requestFiles: readonly Buffer[] = all
  .filter((name) => /^requests\/|requests?\.(ya?ml|json)$|exchanges\.json$/.test(name))
  .filter((name) => statSync(join('fixtures', name)).isFile() && small(name) && !name.includes('expected'))
  .map(read);

export const CONFIG = Buffer.from(
  'lint:\n  preset: recommended\n  failOn: error\n  rules:\n    MGW0101: off\n    unknown-field: warning\n',
);
