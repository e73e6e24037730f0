// Traefik's own objects as it lists them: those that the API server does not take, by Traefik's CRDs, are not there. Lint says what is
// wrong with them, by the same schemas and rules.

import { isObject, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringOf } from '../../resources/fields.js';
import { isStored } from '../../sources/schema/fits.js';
import type { CrdProvider } from './static.js';

/** Objects of a kind of traefik.io that a cluster would hold. */
export const listed = (catalog: Catalog, kind: string): readonly Resource[] =>
  catalog.ofKind(`traefik.io/${kind}`).filter((resource) => !isRefused(resource));

/** The provider looks at it: its class is the provider's. */
export const isTaken = (resource: Resource, { ingressClass }: Pick<CrdProvider, 'ingressClass'>): boolean => {
  const spec = specOf(resource);
  const name =
    typeof spec.ingressClassName === 'string'
      ? spec.ingressClassName
      : (resource.annotations['kubernetes.io/ingress.class'] ?? '');
  return ingressClass === name || (ingressClass === '' && name === 'traefik');
};

const known = new WeakMap<Resource, boolean>();

function isRefused(resource: Resource): boolean {
  const found = known.get(resource) ?? !(isStored(resource) && rulesHold(resource));
  known.set(resource, found);
  return found;
}

/** The CEL rules of kinds that change routes. */
function rulesHold(resource: Resource): boolean {
  const { addPrefix } = specOf(resource);
  if (resource.kind !== 'Middleware' || !isObject(addPrefix) || addPrefix.prefix === undefined) return true;
  return stringOf(addPrefix.prefix)?.startsWith('/') ?? false;
}
