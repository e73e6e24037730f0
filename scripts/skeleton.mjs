// Writes the files of a skeleton, never over one that is there, and says what comes next.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `files`: name → text. */
export function skeleton(name, folder, files) {
  const stop = (message) => {
    console.error(message);
    process.exit(2);
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) stop('a name in lower case with dashes is needed, e.g. my-gateway');
  const paths = Object.keys(files).map((file) => join(folder, file));
  const there = paths.find((path) => existsSync(path));
  if (there) stop(`${there} exists already`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  console.log(`${paths.join('\n')}\nNext: npm run generate && npm run typecheck`);
}
