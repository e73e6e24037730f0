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

/** Says whose Ingresses are. */
export const isIngressClass = ({ group, kind }: Pick<Resource, 'group' | 'kind'>): boolean =>
  group === 'networking.k8s.io' && kind === 'IngressClass';

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
