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
  /** Neither the files nor a flag say whose it is: its annotations do, or nothing (then the Kubernetes specification counts). */
  readonly guessed?: 'annotations' | 'nothing';
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
  const said = claiming.find(word === undefined ? claims(ref, view, catalog) : (p) => p.ingress.word === word);
  if (!said && ref.controller === undefined) return guessed(view, ref);
  const found = said ?? fallback();
  const { className, controller: usual } = found.ingress;
  const name = ref.name ?? (word === undefined ? undefined : className);
  const controller = word === undefined ? (ref.controller ?? usual) : usual;
  return {
    dialect: found.name,
    ...(name === undefined ? {} : { className: name }),
    ...(controller === undefined ? {} : { controller }),
  };
}

/** Classes that other controllers are known by: their Ingresses may carry annotations for ingress-nginx from an earlier life. */
const OTHERS =
  /^(alb|apisix|avi-lb|azure[-/]application-gateway|cilium|contour|emissary|ambassador|f5|gce|gce-internal|haproxy|higress|kong|nsx|openshift-default|skipper|tailscale|traefik|webapprouting\.kubernetes\.azure\.com)(-.*)?$/;

function guessed({ resource }: IngressView, { name }: IngressClassRef): IngressOwner {
  const own = name === undefined ? {} : { className: name };
  // `traefik-internal` is no class of ingress-nginx, whatever annotations are left, and may be one of Traefik.
  const isOther = OTHERS.test(name ?? '');
  const byAnnotations = claiming.find(
    ({ ingress: { annotations, className } }) =>
      (!isOther || (className !== undefined && name?.startsWith(className))) &&
      Object.keys(resource.annotations).some((key) => annotations !== undefined && key.startsWith(annotations)),
  );
  if (!byAnnotations) return { dialect: fallback().name, ...own, guessed: 'nothing' };
  const { controller, className } = byAnnotations.ingress;
  // One controller serves one class, and with it the Ingresses without one.
  const of = name === undefined || controller === undefined ? controller : `${controller}:${name}`;
  return {
    dialect: byAnnotations.name,
    ...(className === undefined ? own : { className: name ?? className }),
    ...(of === undefined ? {} : { controller: of }),
    guessed: 'annotations',
  };
}

const claims =
  (ref: IngressClassRef, view: IngressView, catalog: Catalog) =>
  ({ ingress }: Claiming): boolean => {
    const { name, controller } = ref;
    return (
      ingress.takes?.(ref, view, catalog) ??
      (controller === undefined
        ? name !== undefined && name === ingress.className
        : (ingress.isController?.(controller) ?? false))
    );
  };

function fallback(): Claiming {
  const found = claiming.find((p) => p.ingress.className === undefined);
  if (!found) throw new Error('no dialect reads Ingresses that no controller claims');
  return found;
}
