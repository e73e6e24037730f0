// Makes schemas/crds/ from the CustomResourceDefinitions that Gateway API publishes in its Go module: both channels of the newest release and
// of the one before. A file that is the same as in an earlier set, or as in schemas/, is there once: index.json says where.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { addCrd, type Crd } from './generate-schemas.js';
import { goModules } from './go-modules.js';

/** What `schemas/crds/index.json` holds. */
interface CrdSets {
  readonly groups: readonly string[];
  /** The order in which one is looked for that knows a field. */
  readonly sets: readonly string[];
  /** By set: the file of a kind → its path in schemas/. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const VERSIONS = [
  ['1.6', 'v1.6.3'],
  ['1.7', 'v1.7.0'],
] as const;
const CHANNELS = ['standard', 'experimental'] as const;
const GROUPS = ['gateway.networking.k8s.io', 'gateway.networking.x-k8s.io'];

const folderOf = (release: string, channel: string) =>
  join(goModules, `sigs.k8s.io/gateway-api@${release}/config/crd/${channel}`);

/** Undefined where all modules are there; they come with `go mod download sigs.k8s.io/gateway-api@v1.7.0`, whatever Go says of its version. */
export const missingModule = (): string | undefined =>
  VERSIONS.map(([, release]) => folderOf(release, 'standard')).find((folder) => !existsSync(folder));

/** Every file of schemas/crds/, by its path in schemas/. `base`: the files of schemas/. */
export function generateCrdSets(base: ReadonlyMap<string, string>): Map<string, string> {
  const written = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [path, text] of base) places.set(`${path}\n${text}`, path);
  const files: Record<string, Record<string, string>> = {};
  for (const [version, release] of VERSIONS)
    for (const channel of CHANNELS) {
      const set = `${version}-${channel}`;
      files[set] = {};
      for (const [name, text] of [...crdFiles(folderOf(release, channel))].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const key = `${name}\n${text}`;
        const known = places.get(key);
        const path = known ?? `crds/${set}/${name}`;
        if (known === undefined) {
          places.set(key, path);
          written.set(path, text);
        }
        files[set][name] = path;
      }
    }
  const index: CrdSets = { groups: GROUPS, sets: Object.keys(files), files };
  written.set('crds/index.json', `${JSON.stringify(index, undefined, 1)}\n`);
  return written;
}

function crdFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
    for (const document of loadAll(readFileSync(join(folder, file), 'utf8')) as (Crd | null)[])
      if (document?.kind === 'CustomResourceDefinition' && GROUPS.includes(document.spec.group))
        addCrd(files, document);
  return files;
}
