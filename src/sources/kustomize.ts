// Folders that kustomize builds: which files its `kustomization.yaml` names as patches. A patch is part of an object and no object.

import { basename, dirname, join, normalize, relative, resolve } from 'node:path';
import { MAX_CONFIG_BYTES, readUserFile } from '../files/index.js';
import { isObject, type Json } from '../model/index.js';
import type { FoundFile } from './find-files.js';
import { parseDocuments } from './parse-documents.js';
import { splitDocuments } from './split-documents.js';

interface Found<F> {
  readonly files: readonly F[];
  /** The kustomizations, with the folder that kustomize is given. */
  readonly built: readonly Built[];
}

export interface Built {
  readonly file: string;
  readonly folder: string;
  /** The namespace that it gives to the objects of its folder. */
  readonly namespace?: string;
  /** The files that it lists as resources, as they are named. */
  readonly resources: ReadonlySet<string>;
}

export interface GivenNamespace {
  readonly namespace: string;
  /** Objects that name another namespace get it too, as kustomize's transformer does it; else only those that name none. */
  readonly isForAll: boolean;
}

const NAMES = ['kustomization.yaml', 'kustomization.yml'];

/** A file that the user named stays: only what was found below a folder is left out. */
export function withoutPatches<F extends FoundFile | { readonly file: string }>(
  files: readonly F[],
  cwd: string,
): Found<F> {
  const built: Built[] = [];
  const patches = new Set<string>();
  for (const file of files) {
    if (!('name' in file) || !NAMES.includes(basename(file.name))) continue;
    const path = resolve(cwd, file.name);
    const read = readUserFile(path, { within: file.within ?? dirname(path), limit: MAX_CONFIG_BYTES });
    if (!Buffer.isBuffer(read)) continue;
    const { patches: named, resources, namespace } = contentOf(file.name, read.toString('utf8'));
    const folder = dirname(file.name);
    built.push({
      ...{ file: file.name, folder, resources: new Set(resources.map((resource) => join(folder, resource))) },
      ...(namespace === undefined ? {} : { namespace }),
    });
    for (const patch of named) patches.add(join(dirname(path), patch));
  }
  if (patches.size === 0) return { files, built };
  const isPatch = (file: F): boolean =>
    'name' in file && file.within !== undefined && patches.has(resolve(cwd, relative(cwd, resolve(cwd, file.name))));
  return { files: files.filter((file) => !isPatch(file)), built };
}

interface Content {
  readonly patches: readonly string[];
  readonly resources: readonly string[];
  readonly namespace?: string;
}

/** Of a kustomization: the patches and resources as paths seen from its folder, and the namespace. */
function contentOf(file: string, text: string): Content {
  const [parsed] = parseDocuments(splitDocuments(file, text));
  if (!parsed || 'problem' in parsed || !isObject(parsed.value)) return { patches: [], resources: [] };
  const { patches, patchesStrategicMerge, patchesJson6902, resources, namespace } = parsed.value;
  const paths = [patches, patchesStrategicMerge, patchesJson6902].flatMap(list).flatMap((entry) => {
    const path = isObject(entry) ? entry.path : entry;
    return typeof path === 'string' && !path.includes('\n') ? [path] : [];
  });
  const listed = list(resources).flatMap((entry) => (typeof entry === 'string' ? [entry] : []));
  return {
    patches: paths,
    resources: listed,
    ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
  };
}

/** The namespace that objects get that stand in a file: of the closest folder above. */
export function namespaceFor(file: string, built: readonly Built[]): GivenNamespace | undefined {
  const above = built.filter(({ folder }) => folder === '.' || file.startsWith(`${folder}/`));
  const closest = above.sort((a, b) => b.folder.length - a.folder.length).find((b) => b.namespace !== undefined);
  if (closest?.namespace === undefined) return undefined;
  return { namespace: closest.namespace, isForAll: closest.resources.has(normalize(file)) };
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
