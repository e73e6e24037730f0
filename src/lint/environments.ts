// Folders that are environments: they hold objects of the same names, and each is applied by itself.

import type { Resource } from '../model/index.js';
import type { Replaced } from '../resources/catalog.js';

/** The two folders below which the files part, as they are named: `overlays/dev` and `overlays/prod`; undefined: one is not in a folder of its own. */
export function environmentPair({ resource, by }: Replaced): readonly [string, string] | undefined {
  const [a, b] = [resource, by].map((r) => r.document.file.split('/')) as [string[], string[]];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return shared >= a.length - 1 || shared >= b.length - 1
    ? undefined
    : [a.slice(0, shared + 1).join('/'), b.slice(0, shared + 1).join('/')];
}

/** All of them, in the order of the files; of nested ones the innermost. */
export function environmentsOf(replaced: readonly Replaced[]): readonly string[] {
  const folders = [...new Set(replaced.flatMap((r) => environmentPair(r) ?? []))];
  return folders.filter((folder) => !folders.some((other) => other.startsWith(`${folder}/`)));
}

/** Whether an object counts in an environment: those of no environment count in all. */
export const isIn = ({ document }: Pick<Resource, 'document'>, environment: string, all: readonly string[]): boolean =>
  isBelow(document.file, environment) || !all.some((folder) => isBelow(document.file, folder));

export const isBelow = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);
