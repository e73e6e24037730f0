// What the command files share: how a command is declared, and the flags that all of them take.

import { isIP } from 'node:net';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ingressWords } from '../dialects/ingress-owner.js';
import { rankedProfiles } from '../dialects/registry.js';
import { IMPLEMENTATIONS, type ImplementationName } from '../model/index.js';
import type { Io } from './io.js';

/** Declares a command's flags on the program; its action imports what it needs only when it runs, and reports its exit code. */
export type Register = (program: Command, io: Io, finish: (code: number) => void) => void;

/** A repeatable flag. */
export const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/** A whole number in a range, or a message that says what was wanted. */
export const integer =
  (min: number, max: number) =>
  (value: string): number => {
    const n = Number(value);
    if (!Number.isInteger(n) || n < min || n > max)
      throw new InvalidArgumentError(`It must be an integer between ${min} and ${max}.`);
    return n;
  };

/** One of a few words, or a message that lists them. */
export function oneOf<T extends string>(...words: readonly T[]): (value: string) => T {
  const parse = (value: string): T => {
    if (!words.includes(value as T)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return value as T;
  };
  allowed.set(parse, words);
  return parse;
}

/** A controller of Ingresses, as `--class-semantics` takes it. */
export const controllerWord = (): ((value: string) => string) => oneOf(...ingressWords);

/** Words that completion offers for a text that is checked later. */
export function suggested(words: readonly string[]): (value: string) => string {
  const parse = (value: string) => value;
  allowed.set(parse, words);
  return parse;
}

/** The words of each `oneOf`. */
const allowed = new WeakMap<object, readonly string[]>();

/** The words that a flag or an argument takes; none: any text. */
export const wordsOf = ({ parseArg }: { readonly parseArg?: unknown }): readonly string[] =>
  (typeof parseArg === 'function' ? allowed.get(parseArg) : undefined) ?? [];

/** An IP address, of version 4 or 6. */
export function address(value: string): string {
  if (isIP(value) === 0)
    throw new InvalidArgumentError('It must be an IP address, such as 203.0.113.7 or 2001:db8::1.');
  return value;
}

/** A name as the API server takes it for a namespace: a label of RFC 1123. */
export function namespace(value: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value))
    throw new InvalidArgumentError('It must have 1 to 63 lower-case letters, digits and inner dashes.');
  return value;
}

/** Flags of every command that reads configuration. */
export interface InputFlags {
  readonly filename?: readonly string[];
  readonly namespace: string;
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** `NAME=CONTROLLER`. */
  readonly class?: readonly string[];
  readonly classSemantics?: string;
  /** `NAMESPACE/NAME` or `NAMESPACE/NAME=HOST,…`. */
  readonly assumeGateway?: readonly string[];
  /** `NAME=NUMBER` or `NAMESPACE/SERVICE:NAME=NUMBER`. */
  readonly servicePort?: readonly string[];
  readonly implementation?: ImplementationName;
  /** The older name of `implementation`. */
  readonly gatewayApi?: 'istio' | 'spec';
  /** Default: meshgw.config.yaml, found upwards from the working directory. */
  readonly config?: string;
  /** Folders that kustomize builds, and charts. */
  readonly kustomize?: readonly string[];
  readonly helm?: readonly string[];
  /** A context of kubectl whose cluster is read. */
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly withSecrets?: boolean;
  /** `--envoy POD.NAMESPACE`. */
  readonly envoyPod?: string;
  /** Globs. */
  readonly exclude?: readonly string[];
  /** `URI=FILE` or `ISSUER=FILE`. */
  readonly jwks?: readonly string[];
}

/** Its value is not called as that of `serve --envoy`. */
function envoyOption(): Option {
  const option = new Option('--envoy <pod>', 'read what the Envoy of a pod runs (POD.NAMESPACE), by kubectl exec');
  option.attributeName = () => 'envoyPod';
  return option;
}

/** The heading of a command's own flags, which stand first. */
export const OWN_FLAGS = 'Options:';

export function withInputFlags(command: Command): Command {
  // `serve --envoy PATH` is older.
  command.optionsGroup('Configuration to read:');
  if (command.name() !== 'serve') command.addOption(envoyOption());
  const own = rankedProfiles.flatMap((p) => p.flags ?? []);
  for (const { name, value, description, words } of own)
    command.option(`--${name} ${value}`, description, words ? oneOf(...words) : String);
  return command
    .option(
      '-f, --filename <path>',
      'file, folder, glob, or - for standard input (repeatable; -f a,b names two)',
      collect,
    )
    .option('-n, --namespace <name>', 'namespace of objects without one', namespace, 'default')
    .option(
      '--class <name=controller>',
      `controller of an ingress class: ${ingressWords.join(', ')} (repeatable)`,
      collect,
    )
    .option(
      '--assume-gateway <gateway>',
      'NAMESPACE/NAME[=HOST,…] of a Gateway that exists elsewhere, with HTTP on 80 and HTTPS on 443 (repeatable)',
      collect,
    )
    .option(
      '--service-port <name=number>',
      'number of a named port whose Service is not in the files, NAMESPACE/SERVICE:NAME=NUMBER for one Service (repeatable)',
      collect,
    )
    .option('--class-semantics <controller>', 'controller whose rules apply to every Ingress', controllerWord())
    .option(
      '--implementation <name>',
      `implementation of the Gateway API to read and write: ${IMPLEMENTATIONS.map((name, i) => (i === 0 ? `${name} (default)` : name)).join(', ')}`,
      oneOf(...IMPLEMENTATIONS),
    )
    .addOption(new Option('--gateway-api <reading>').argParser(oneOf('istio', 'spec')).hideHelp())
    .option('--jwks <uri=file>', 'JSON Web Key Set of a jwksUri or an issuer, read from a file (repeatable)', collect)
    .option('-k, --kustomize <folder>', 'read the output of `kustomize build` for a folder (repeatable)', collect)
    .option('--helm <chart>', 'read the output of `helm template` for a chart (repeatable)', collect)
    .option('--context <name>', 'read the objects of a cluster by kubectl: a context of its configuration')
    .option('--kubeconfig <file>', 'configuration of kubectl for --context and --envoy')
    .option('--with-secrets', 'with --context: read the contents of Secrets, not only names and certificates')
    .option('--exclude <glob>', 'skip matching files in the given folders (repeatable)', collect)
    .option('--config <file>', 'configuration file of meshgw (default: the nearest meshgw.config.yaml upwards)')
    .option('--verbose', 'also report what was ignored')
    .option('--color', 'use colour even if the output is not a terminal')
    .option('--no-color', 'do not use colour')
    .optionsGroup(OWN_FLAGS);
}
