// Folders of recorded cases.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export function truthCases(at: string): string[] {
  return readdirSync(at, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .flatMap((e) => {
      const path = join(at, e.name);
      return existsSync(join(path, 'exchanges.json')) ? [path] : truthCases(path);
    })
    .sort();
}
