// How the files are read, from the flags and the environment of meshgw.config.yaml: whose classes, which implementation, keys that would be fetched, and the dialects' own flags.

import { CannotRunError } from '../diagnostics/index.js';
import type { ReadOptions } from '../dialects/dialect.js';
import type { DialectFlag } from '../dialects/profile.js';
import { rankedProfiles } from '../dialects/registry.js';
import { own, put } from '../model/index.js';
import type { InputFlags } from './command.js';
import { assumedGateway, classOf, flagKey, implementation, servicePort } from './flag-values.js';
import type { Io } from './io.js';
import { settingsOf } from './settings.js';

/** Reads the files that flags name; what the environment of meshgw.config.yaml says counts where no flag does. Rejects with CannotRunError where a value or a file cannot be used. */
export async function readOptions(flags: InputFlags, io: Io): Promise<ReadOptions> {
  const { read } = (await settingsOf(flags, io)).environment;
  const own = { ...read.flags, ...(await dialectFlags(flags, io)) };
  const classes = { ...read.classes, ...Object.fromEntries((flags.class ?? []).map(classOf)) };
  const whose = implementationOf(flags) ?? read.implementation;
  const assumed = new Map(
    [...(read.assumedGateways ?? []), ...(flags.assumeGateway ?? []).map(assumedGateway)].map((g) => [
      `${g.namespace}/${g.name}`,
      g,
    ]),
  );
  const ports = { ...read.servicePorts, ...Object.fromEntries((flags.servicePort ?? []).map(servicePort)) };
  return {
    ...(flags.classSemantics ? { classSemantics: flags.classSemantics } : {}),
    ...(Object.keys(classes).length > 0 ? { classes } : {}),
    ...(whose ? { implementation: whose } : {}),
    ...(assumed.size > 0 ? { assumedGateways: [...assumed.values()] } : {}),
    ...(Object.keys(ports).length > 0 ? { servicePorts: ports } : {}),
    ...(Object.keys(own).length > 0 ? { flags: own } : {}),
    keySets: { ...read.keySets, ...(await readKeySets(flags.jwks, io)) },
  };
}

/** `--gateway-api` is the older name of the flag, and `spec` that of its value `standard`. */
function implementationOf(flags: InputFlags): ReadOptions['implementation'] {
  const asked = flags.implementation ?? (flags.gatewayApi === 'spec' ? 'standard' : flags.gatewayApi);
  return asked === undefined ? undefined : implementation(asked);
}

async function dialectFlags(flags: InputFlags, io: Io): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const flag of rankedProfiles.flatMap((p) => p.flags ?? [])) {
    const value = own(flags as unknown as Readonly<Record<string, unknown>>, flagKey(flag));
    if (typeof value !== 'string') continue;
    put(values, flag.name, flag.takes === 'file' ? await fileOf(value, flag, io) : value);
  }
  return values;
}

const fileOf = async (name: string, { description }: DialectFlag, io: Io): Promise<string> =>
  (await import('./named-file.js')).readNamedFile(name, description, io);

/** Of `--jwks`: key sets by URI or issuer. Rejects with CannotRunError. */
async function readKeySets(flags: readonly string[] = [], io: Io): Promise<Record<string, string>> {
  if (flags.length === 0) return {};
  const { readNamedFile } = await import('./named-file.js');
  const read = async (flag: string): Promise<[string, string]> => {
    const split = flag.lastIndexOf('=');
    if (split < 1)
      throw new CannotRunError(
        `--jwks ${flag} names no file`,
        'e.g. --jwks https://accounts.example.com/keys=keys.json',
      );
    return [flag.slice(0, split), await readNamedFile(flag.slice(split + 1), 'a key set', io)];
  };
  return Object.fromEntries(await Promise.all(flags.map(read)));
}
