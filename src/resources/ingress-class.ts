// Which class an Ingress has, by its field, its annotation or the default IngressClass: the order in which
// Kubernetes' own admission and ingress-nginx look (DefaultIngressClass admission; GetIngressClass in
// internal/ingress/controller/store/store.go of kubernetes/ingress-nginx controller-v1.15.1). Istio asks for the
// annotation first; its reader does that by itself.

import type { Resource } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { createdAt } from './creation.js';
import { compareText, specOf, stringOf } from './fields.js';
import type { IngressView } from './ingress.js';

export interface IngressClassRef {
  /** Name of the class; absent: the Ingress has none. */
  readonly name?: string;
  /** `spec.controller` of the IngressClass; absent where the files do not hold it. */
  readonly controller?: string;
  readonly by: 'field' | 'annotation' | 'default' | 'none';
}

const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

export function ingressClass(view: IngressView, catalog: Catalog): IngressClassRef {
  if (view.className !== undefined) return named(view.className, 'field', catalog);
  if (view.classAnnotation !== undefined) return named(view.classAnnotation, 'annotation', catalog);
  const fallback = defaultClass(catalog);
  return fallback ? named(fallback.name, 'default', catalog) : { by: 'none' };
}

/** IngressClass has no namespace: one of this name, whatever namespace the reader gave it. */
const classesOf = (catalog: Catalog): readonly Resource[] => catalog.ofKind('networking.k8s.io/IngressClass');

function named(name: string, by: IngressClassRef['by'], catalog: Catalog): IngressClassRef {
  const resource = classesOf(catalog).find((c) => c.name === name);
  const controller = resource && stringOf(specOf(resource).controller);
  return { name, by, ...(controller === undefined ? {} : { controller }) };
}

/** With several defaults the newest wins, then the first by name (plugin/pkg/admission/network/defaultingressclass). */
function defaultClass(catalog: Catalog): Resource | undefined {
  return classesOf(catalog)
    .filter((c) => c.annotations[IS_DEFAULT] === 'true')
    .sort((a, b) => createdAt(b) - createdAt(a) || compareText(a.name, b.name))[0];
}

/** By custom, further ingress-nginx controllers in a cluster still name ingress-nginx in `--controller-class`. */
const NGINX_CONTROLLER = /^k8s\.io\/.*ingress-nginx/;
const ISTIO_CONTROLLER = 'istio.io/ingress-controller';
export const DEFAULT_NGINX_CONTROLLER = 'k8s.io/ingress-nginx';

export type IngressOwner =
  | { readonly kind: 'nginx'; readonly controller: string; readonly className: string }
  | { readonly kind: 'istio' }
  /** No class, or one that meshgw does not know: the specification is all there is. */
  | { readonly kind: 'kubernetes'; readonly className?: string };

/**
 * Whose Ingress it is. The controller of the IngressClass decides; where the files do not hold it, the names `nginx` and
 * `istio` are taken for theirs. `semantics`: the user's override.
 */
export function ingressOwner(
  view: IngressView,
  catalog: Catalog,
  semantics?: 'nginx' | 'istio' | 'kubernetes',
): IngressOwner {
  const { name, controller } = ingressClass(view, catalog);
  const nginx = (its: string): IngressOwner => ({ kind: 'nginx', controller: its, className: name ?? 'nginx' });
  if (semantics === 'nginx') return nginx(DEFAULT_NGINX_CONTROLLER);
  if (semantics === 'istio') return { kind: 'istio' };
  if (semantics === undefined) {
    if (controller === ISTIO_CONTROLLER || (controller === undefined && name === 'istio')) return { kind: 'istio' };
    if (controller !== undefined && NGINX_CONTROLLER.test(controller)) return nginx(controller);
    if (controller === undefined && name === 'nginx') return nginx(DEFAULT_NGINX_CONTROLLER);
  }
  return { kind: 'kubernetes', ...(name === undefined ? {} : { className: name }) };
}
