// Values of Secrets among the files.

import { own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { stringMapOf } from '../../../resources/fields.js';

/** `stringData` goes over `data`. */
export function secretValues(secret: Resource): Readonly<Record<string, string>> {
  const decoded = Object.entries(stringMapOf(secret.object.data)).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return Object.fromEntries([...decoded, ...Object.entries(stringMapOf(secret.object.stringData))]);
}

export function secretValue(
  catalog: Catalog,
  namespace: string,
  name: string | undefined,
  key: string | undefined,
): string | undefined {
  const secret = name === undefined ? undefined : catalog.find('/Secret', namespace, name);
  return secret && key !== undefined ? own(secretValues(secret), key) : undefined;
}
