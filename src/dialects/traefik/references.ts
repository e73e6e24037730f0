// References to middlewares and TLS options: resolveReference in pkg/provider/kubernetes/crd/kubernetes.go.

import type { JsonObject } from '../../model/index.js';
import { stringOf } from '../../resources/fields.js';
import { Dropped, idOf } from './names.js';
import type { CrdProvider } from './static.js';

export interface Reference {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** Qualified: `default-auth@kubernetescrd`. `what`: for a person. @throws Dropped */
export function resolveReference(
  { name, namespace }: Reference,
  from: string,
  provider: CrdProvider,
  what: string,
): string {
  if (name.includes('@')) {
    if (!provider.allowCrossNamespace && name.endsWith('@kubernetescrd'))
      throw new Dropped(
        `the ${what} ${name} is named with @kubernetescrd, which allowCrossNamespace has to permit: write its name alone`,
      );
    if (provider.crossProviderNamespaces && !provider.crossProviderNamespaces.includes(from))
      throw new Dropped(`the ${what} ${name} is of another provider, and ${from} is not in crossProviderNamespaces`);
    return name;
  }
  const ns = namespace || from;
  if (ns !== from && !provider.allowCrossNamespace)
    throw new Dropped(`the ${what} ${ns}/${name} is in another namespace, and allowCrossNamespace is not set`);
  return `${idOf(ns, name)}@kubernetescrd`;
}

/** @throws Dropped */
export const middlewareKeys = (
  entries: readonly JsonObject[],
  from: string,
  provider: CrdProvider,
): readonly string[] =>
  entries.map((entry) =>
    resolveReference(
      { name: stringOf(entry.name) ?? '', namespace: stringOf(entry.namespace) },
      from,
      provider,
      'middleware',
    ),
  );
