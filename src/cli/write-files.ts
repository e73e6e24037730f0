// A translation as files: one per object, named after it.

import { join } from 'node:path';
import type { Translation } from '../convert/convert.js';
import { toYaml } from '../convert/to-yaml.js';
import { locate } from '../sources/index.js';
import type { Io } from './io.js';
import { writeNamedFile } from './named-file.js';

/** `virtualservice-default-httpbin-example-com.yaml`. */
function fileNameOf(object: Readonly<Record<string, unknown>>): string {
  const metadata = (object.metadata ?? {}) as { name?: string; namespace?: string };
  const parts = [String(object.kind ?? 'bootstrap').toLowerCase(), metadata.namespace, metadata.name];
  return `${parts.filter(Boolean).join('-')}.yaml`;
}

/** File name and text of each object, in order. */
export const fileTexts = (translation: Translation): [name: string, text: string][] =>
  translation.objects.map((o) => [fileNameOf(o), toYaml([o], translation.origins, locate, translation.remarks)]);

/** Writes them into a folder, and says so. */
export async function writeFiles(folder: string, translation: Translation, io: Io): Promise<void> {
  const files = fileTexts(translation);
  for (const [name, text] of files) await writeNamedFile(join(folder, name), text, io);
  io.stderr.write(`wrote ${files.length} files to ${folder}\n`);
}
