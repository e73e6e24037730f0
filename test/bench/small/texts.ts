// The files that one shape is asked about: a set for lint and a smaller one for what compares all rules with each other; of each a small
// and a large file, and both again with one rule changed. A cost that grows with the square has to be seen beside everything else: hence 8,000
// rules for lint.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHAPES } from '../shapes.js';

/** Objects of ten rules, and as many Services. */
const SETS = { whole: { small: 50, large: 800 }, part: { small: 20, large: 160 } };

/** Writes them into a new folder; its path. */
export function writeTexts(shape: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
  for (const [set, sizes] of Object.entries(SETS))
    for (const [size, objects] of Object.entries(sizes)) {
      const text = SHAPES[shape]!(objects);
      writeFileSync(join(folder, `${set}-${size}.yaml`), text);
      const changed = text.replace('/api/v3/resource-7', '/api/v3/resource-x7');
      writeFileSync(join(folder, `${set}-${size}-changed.yaml`), changed);
    }
  return folder;
}
