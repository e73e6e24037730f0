import { readFileSync } from 'node:fs';
import { schemasFolder } from '../schemas-folder.js';

/** A file of schemas/, by its path there. */
export const readSchema = (name: string): unknown => JSON.parse(readFileSync(new URL(name, schemasFolder), 'utf8'));
