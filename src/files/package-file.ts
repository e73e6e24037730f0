// The files that the package ships beside its code: schemas, the page of ways-in, its manifest. Two folders up from here is the package,
// from src and dist/bundle alike; the single file (scripts/single-file.mjs) puts texts in the place of this module.

import { readdirSync, readFileSync } from 'node:fs';

const placeOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

/** The text of a file, by its path in the package; throws as `readFileSync` does. */
export const packageFile = (path: string): string => readFileSync(placeOf(path), 'utf8');

/** Names in a folder of the package. */
export const packageFolder = (path: string): string[] => readdirSync(placeOf(`${path}/`));
