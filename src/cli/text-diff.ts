// The textual diff, for eyes: the meaning is compared elsewhere.

import { join, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { LoadedConfig } from '../api/load.js';
import type { Translation } from '../convert/convert.js';
import { CannotRunError } from '../diagnostics/index.js';
import { readUserFile } from '../files/index.js';
import type { Resource } from '../model/index.js';
import type { Style } from '../report/style.js';
import type { LoadedSources } from '../sources/index.js';
import type { Io } from './io.js';
import { fileTexts } from './write-files.js';

/** A unified diff with colours; `''` where the texts are equal. */
export function coloredPatch(oldName: string, newName: string, oldText: string, newText: string, style: Style): string {
  if (oldText === newText) return '';
  const patch = createTwoFilesPatch(oldName, newName, oldText, newText, undefined, undefined, { context: 3 });
  return patch
    .split('\n')
    .filter((line) => !/^=+$/.test(line))
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---')) return style.bold(line);
      if (line.startsWith('+')) return style.green(line);
      if (line.startsWith('-')) return style.red(line);
      return line.startsWith('@@') ? style.cyan(line) : line;
    })
    .join('\n');
}

const textOf = (r: Resource) => r.document.text;

/** All documents of two configurations, by object. */
export function textDiffOfSources(before: LoadedSources, after: LoadedSources, style: Style): string {
  const key = (r: Resource) => `${r.kind}/${r.namespace}/${r.name}`;
  const [a, b] = [before, after].map((s) => new Map(s.resources.map((r) => [key(r), textOf(r)])));
  const keys = [...new Set([...a!.keys(), ...b!.keys()])].sort();
  return keys.map((k) => coloredPatch(`before/${k}`, `after/${k}`, a!.get(k) ?? '', b!.get(k) ?? '', style)).join('');
}

/** The diff of a translation's output: against the files of a folder, or (no folder named) against the input. */
export function showTextDiff(
  config: LoadedConfig,
  { translation, text }: { readonly translation: Translation; readonly text: string },
  folder: boolean | string,
  io: Io,
  style: Style,
): void {
  if (typeof folder !== 'string') {
    const input = config.sources.resources.map(textOf).filter((t, i, all) => all.indexOf(t) === i);
    io.stdout.write(coloredPatch('input', 'output', input.join('---\n'), text, style));
    return;
  }
  for (const [name, content] of fileTexts(translation)) {
    const old = oldText(folder, name, io);
    io.stdout.write(coloredPatch(`${folder}/${name}`, name, old, content, style));
  }
}

/** The text of a file of the output folder as it is; `''` where there is none yet. Throws CannotRunError. */
function oldText(folder: string, name: string, io: Io): string {
  const within = resolve(io.cwd, folder);
  const read = readUserFile(join(within, name), { within });
  if (Buffer.isBuffer(read)) return read.toString('utf8');
  if (read.code === 'missing') return '';
  throw new CannotRunError(`cannot read ${join(folder, name)}: ${read.why}`, 'remove it from the output folder');
}
