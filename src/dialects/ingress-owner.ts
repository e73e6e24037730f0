// Whose Ingress it is: each dialect's profile says which controllers and which class are its own, the user's flags go before. What
// nobody claims is left to the dialect that claims no class (the Kubernetes specification).

import { type DialectName, own } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { IngressView } from '../resources/ingress.js';
import { type IngressClassRef, ingressClass } from '../resources/ingress-class.js';
import type { ReadOptions } from './dialect.js';
import type { DialectProfile, IngressClaim } from './profile.js';
import { profiles } from './profiles.gen.js';

export interface IngressOwner {
  readonly dialect: DialectName;
  /** The name of the class; absent: the Ingress has none. */
  readonly className?: string;
  /** The `spec.controller` of its class, or the one that the owner has by default. */
  readonly controller?: string;
}

type Claiming = DialectProfile & { readonly ingress: IngressClaim };

const claiming: readonly Claiming[] = profiles.filter((p): p is Claiming => p.ingress !== undefined);

/** What `--class NAME=WORD` and `--class-semantics WORD` take. */
export const ingressWords: readonly string[] = claiming.map((p) => p.ingress.word);

/** The controller of the IngressClass decides; where the files do not hold it, the name of the class. */
export function ingressOwner(
  view: IngressView,
  catalog: Catalog,
  { classSemantics, classes = {} }: Pick<ReadOptions, 'classSemantics' | 'classes'>,
): IngressOwner {
  const ref = ingressClass(view, catalog);
  const word = classSemantics ?? (ref.name === undefined ? undefined : own(classes, ref.name));
  const found = claiming.find(word === undefined ? claims(ref) : (p) => p.ingress.word === word) ?? fallback();
  const { className, controller: usual } = found.ingress;
  const name = ref.name ?? (word === undefined ? undefined : className);
  const controller = word === undefined ? (ref.controller ?? usual) : usual;
  return {
    dialect: found.name,
    ...(name === undefined ? {} : { className: name }),
    ...(controller === undefined ? {} : { controller }),
  };
}

const claims =
  ({ name, controller }: IngressClassRef) =>
  ({ ingress }: Claiming): boolean =>
    controller === undefined
      ? name !== undefined && name === ingress.className
      : (ingress.isController?.(controller) ?? false);

function fallback(): Claiming {
  const found = claiming.find((p) => p.ingress.className === undefined);
  if (!found) throw new Error('no dialect reads Ingresses that nobody claims');
  return found;
}
