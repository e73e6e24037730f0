// What the server knows of one folder of the editor: its configuration, read with the texts that are open, and what lint says of it.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadedConfig } from '../api/load.js';
import type { LintResult } from '../lint/run.js';
import type { FieldPath, Resource } from '../model/index.js';
import { pathAt } from '../sources/index.js';

/** A folder as it was when it was last looked at. */
export interface Checked {
  /** Absolute. */
  readonly root: string;
  readonly config: LoadedConfig;
  readonly result: LintResult;
}

/** Reads a folder and asks lint. `textOf`: the text of a file (absolute) that is open. Rejects with CannotRunError. */
export type Check = (root: string, textOf: (path: string) => string | undefined) => Promise<Omit<Checked, 'root'>>;

/** The name of a file in findings → its URI. */
export const uriOf = ({ root }: Pick<Checked, 'root'>, file: string): string =>
  pathToFileURL(resolve(root, file)).toString();

/** The field under a cursor. */
export interface Spot {
  readonly resource: Resource;
  readonly path: FieldPath;
}

/** `line` and `column` from 1. Undefined: no object that is read stands there. */
export function spotAt(checked: Checked, path: string, line: number, column: number): Spot | undefined {
  const here = checked.config.sources.resources.filter(({ document }) => resolve(checked.root, document.file) === path);
  const document = here.map((r) => r.document).findLast(({ startLine }) => startLine <= line);
  const whole = document && pathAt(document, line, column);
  if (!whole) return undefined;
  const resource = here
    .filter((r) => r.document === document && r.base.every((step, i) => step === whole[i]))
    .reduce<Resource | undefined>((best, r) => (best && best.base.length >= r.base.length ? best : r), undefined);
  return resource && { resource, path: whole.slice(resource.base.length) };
}
