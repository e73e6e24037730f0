// How the files are read, from the flags: whose classes, which implementation, keys that would be fetched, and the dialects' own flags.

import { CannotRunError } from '../diagnostics/index.js';
import type { AssumedGateway, ReadOptions } from '../dialects/dialect.js';
import { ingressWords } from '../dialects/ingress-owner.js';
import type { DialectFlag } from '../dialects/profile.js';
import { rankedProfiles } from '../dialects/registry.js';
import { own, put } from '../model/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';

/** Reads the files that flags name. Rejects with CannotRunError where a value or a file cannot be used. */
export async function readOptions(flags: InputFlags, io: Io): Promise<ReadOptions> {
  const own = await dialectFlags(flags, io);
  const implementation = implementationOf(flags);
  return {
    ...(flags.classSemantics ? { classSemantics: flags.classSemantics } : {}),
    ...(flags.class ? { classes: classesOf(flags.class) } : {}),
    ...(implementation ? { implementation } : {}),
    ...(flags.assumeGateway ? { assumedGateways: flags.assumeGateway.map(assumedGateway) } : {}),
    ...(Object.keys(own).length > 0 ? { flags: own } : {}),
    keySets: await readKeySets(flags.jwks, io),
  };
}

/** `--gateway-api` is the older name of the flag, and `spec` that of its value `standard`. */
function implementationOf({ implementation, gatewayApi }: InputFlags): ReadOptions['implementation'] {
  const asked = implementation ?? (gatewayApi === 'spec' ? 'standard' : gatewayApi);
  if (asked !== 'envoy-gateway') return asked;
  throw new CannotRunError('--implementation envoy-gateway is not available yet', 'use istio or standard');
}

/** Of `--assume-gateway`. Throws CannotRunError for anything else. */
export function assumedGateway(text: string): AssumedGateway {
  const [, namespace = '', name = '', list] = /^([a-z0-9-]+)\/([a-z0-9.-]+)(?:=(.*))?$/.exec(text) ?? [];
  const hosts = list?.split(',').map((host) => host.trim());
  if (name === '' || hosts?.some((host) => !/^(\*|(\*\.)?[a-z0-9.-]+)$/i.test(host)))
    throw new CannotRunError(
      `--assume-gateway ${JSON.stringify(text)} is not NAMESPACE/NAME or NAMESPACE/NAME=HOST,…`,
      'for example --assume-gateway istio-ingress/public=shop.example.com,*.example.org',
    );
  return { namespace, name, ...(hosts ? { hosts } : {}) };
}

/** Of `--class NAME=CONTROLLER`, by name. */
function classesOf(written: readonly string[]): Record<string, string> {
  const read = (text: string): [string, string] => {
    const [name, word, ...rest] = text.split('=');
    if (!name || !word || rest.length > 0 || !ingressWords.includes(word))
      throw new CannotRunError(
        `--class ${JSON.stringify(text)} is not NAME=CONTROLLER`,
        `CONTROLLER is one of ${ingressWords.join(', ')}, for example --class internal=nginx`,
      );
    return [name, word];
  };
  return Object.fromEntries(written.map(read));
}

/** What commander calls a flag: `traefikStatic` for `traefik-static`. */
export const flagKey = ({ name }: Pick<DialectFlag, 'name'>): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

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
