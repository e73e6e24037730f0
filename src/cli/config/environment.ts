// `environment:` of meshgw.config.yaml: what the files do not say. Each key is a flag's, and is read as the flag is; flags win.

import { dirname, isAbsolute, resolve } from 'node:path';
import { isMap, isSeq } from 'yaml';
import { CannotRunError } from '../../diagnostics/index.js';
import type { AssumedGateway, ReadOptions, WriteOptions } from '../../dialects/dialect.js';
import { ingressWords } from '../../dialects/ingress-owner.js';
import type { DialectFlag } from '../../dialects/profile.js';
import { rankedProfiles } from '../../dialects/registry.js';
import { readUserFile } from '../../files/index.js';
import { own, put } from '../../model/index.js';
import { assumedGateway, flagKey, implementation, secretName, servicePort, targetGateway } from '../flag-values.js';
import { entriesOf, pairsOf, type Section, startOf, textOf, textsOf, wordOf } from './section.js';

export interface Environment {
  readonly read: ReadOptions;
  readonly defaultTlsSecret?: NonNullable<WriteOptions['defaultTlsSecret']>;
  readonly targetGateway?: NonNullable<WriteOptions['targetGateway']>;
}

const KEYS = [
  'classes',
  'assumeGateways',
  'defaultTlsSecret',
  'implementation',
  'jwks',
  'servicePorts',
  'targetGateway',
] as const;

const dialectFlags: readonly DialectFlag[] = rankedProfiles.flatMap((p) => p.flags ?? []);

/** Its keys, those of the dialects' flags at last: `kongRouterFlavor`. */
export const environmentKeys = (): string[] => [...KEYS, ...dialectFlags.map(flagKey)];

/** `folder`, absolute: files are seen from there. Errors: CannotRunError with file, line and column. */
export function environmentOf(section: Section, folder: string): Environment {
  const entries = entriesOf(section, environmentKeys(), 'environment.') as Record<(typeof KEYS)[number], Section> &
    Readonly<Record<string, Section>>;
  const { classes, assumeGateways, defaultTlsSecret, implementation: whose, jwks, servicePorts } = entries;
  const target = entries.targetGateway;
  const flags: Record<string, string> = {};
  for (const flag of dialectFlags) {
    const value = own(entries, flagKey(flag));
    if (value?.node) put(flags, flag.name, flagValue(value, flag, folder));
  }
  return {
    read: {
      ...(classes.node ? { classes: mapOf(classes, (value) => wordOf(value, ingressWords)) } : {}),
      ...(assumeGateways.node ? { assumedGateways: gatewaysOf(assumeGateways) } : {}),
      ...(whose.node ? { implementation: as(whose, implementation) } : {}),
      ...(jwks.node ? { keySets: mapOf(jwks, (value) => fileOf(value, folder)) } : {}),
      ...(servicePorts.node ? { servicePorts: portsOf(servicePorts) } : {}),
      ...(Object.keys(flags).length > 0 ? { flags } : {}),
    },
    ...(defaultTlsSecret.node ? { defaultTlsSecret: as(defaultTlsSecret, secretName) } : {}),
    ...(target.node ? { targetGateway: as(target, targetGateway) } : {}),
  };
}

function mapOf(section: Section, read: (value: Section) => string): Record<string, string> {
  const map: Record<string, string> = {};
  for (const { key, value } of pairsOf(section)) put(map, key, read(value));
  return map;
}

function portsOf(section: Section): Record<string, number> {
  const ports: Record<string, number> = {};
  for (const { key, value } of pairsOf(section)) {
    const [port, number] = as(value, (text) => servicePort(`${key}=${text}`));
    put(ports, port, number);
  }
  return ports;
}

const gatewaysOf = (section: Section): AssumedGateway[] =>
  textsOf(section).map(({ section: entry }) => as(entry, assumedGateway));

/** A text as a flag would read it; what the flag refuses is refused at its place. */
function as<T>(section: Section, read: (text: string) => T): T {
  try {
    return read(textOf(section));
  } catch (error) {
    if (!(error instanceof CannotRunError) || section.node === undefined) throw error;
    return section.fail(startOf(section), `${section.what}: ${error.message}`, error.hint);
  }
}

/** A mapping is `NAME=VALUE,…` of the flag, a list its parts. */
function flagValue(section: Section, { takes, words }: DialectFlag, folder: string): string {
  if (takes === 'file') return fileOf(section, folder);
  if (words) return wordOf(section, words);
  if (isMap(section.node))
    return pairsOf(section)
      .map(({ key, value }) => `${key}=${textOf(value)}`)
      .join(',');
  if (isSeq(section.node))
    return textsOf(section)
      .map(({ text }) => text)
      .join(',');
  return textOf(section);
}

/** The text of a file of the folder of the configuration: who runs meshgw in a folder has not named its files. */
function fileOf(section: Section, folder: string): string {
  const name = textOf(section);
  const read = readUserFile(resolve(folder, name), { within: folder });
  if (Buffer.isBuffer(read)) return read.toString('utf8');
  const outside = isAbsolute(name) || dirname(name).split('/').includes('..') || read.code === 'outside';
  return section.fail(
    startOf(section),
    `${section.what}: cannot read ${name}: ${outside ? 'it is outside the folder of the configuration' : read.why}`,
    outside ? 'name it with the flag instead' : 'paths are relative to the folder of the configuration',
  );
}
