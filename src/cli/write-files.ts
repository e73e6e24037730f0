// A translation as files: one per object, named after it.

import { join } from 'node:path';
import { objectTexts } from '../api/convert.js';
import type { Translation } from '../convert/convert.js';
import { toYaml } from '../convert/to-yaml.js';
import { fileNames, writeUserFile } from '../files/index.js';
import { counted } from '../model/index.js';
import { locate } from '../sources/index.js';
import type { Io } from './io.js';

type TargetObject = Translation['objects'][number];

/** `virtualservice-default-httpbin-example-com.yaml`. */
function nameOf(object: TargetObject): { readonly parts: readonly string[]; readonly identity: string } {
  const { apiVersion, kind, metadata } = object as { apiVersion?: unknown; kind?: unknown; metadata?: unknown };
  const { namespace, name } = (metadata ?? {}) as { name?: unknown; namespace?: unknown };
  const text = (value: unknown) => (value === undefined ? '' : String(value));
  return {
    parts: [text(kind ?? 'bootstrap').toLowerCase(), text(namespace), text(name)],
    identity: JSON.stringify([apiVersion, kind, namespace, name].map(text)),
  };
}

/** File name and text of each object, in order. */
export function fileTexts(translation: Translation): [name: string, text: string][] {
  const names = fileNames(translation.objects.map(nameOf), '.yaml');
  return objectTexts(translation).map((text, i) => [names[i]!, text]);
}

/** Writes them into a folder, and says so. Throws CannotRunError where one cannot be written. */
export function writeFiles(folder: string, translation: Translation, io: Io): void {
  const files = fileTexts(translation);
  for (const [name, text] of files) writeUserFile(name, text, { cwd: io.cwd, folder });
  io.stderr.write(`wrote ${counted(files.length, 'file')} to ${folder}\n`);
  if (!translation.installation) return;
  // In a folder of its own, so that `kubectl apply -f` of the objects leaves it out.
  const below = join(folder, 'installation');
  writeUserFile('istio-operator.yaml', toYaml([translation.installation], new Map(), locate), {
    cwd: io.cwd,
    folder: below,
  });
  io.stderr.write(
    `wrote ${join(below, 'istio-operator.yaml')}: extension providers for the mesh configuration. Merge it into your installation (istioctl install -f, or meshConfig of the Helm chart istiod) before the policies are applied\n`,
  );
}
