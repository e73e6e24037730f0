// Which Ingresses Istio's controller takes: shouldProcessIngressWithClass in
// pilot/pkg/config/kube/ingress/virtualservices.go with ingressControllerMode STRICT and ingressClass `istio`.

import { own } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { specOf } from '../../../resources/fields.js';
import type { IngressView } from '../../../resources/ingress.js';
import { ingressClass } from '../../../resources/ingress-class.js';
import type { ReadOptions } from '../../dialect.js';

const WORD = 'istio';
const CLASS = 'istio';
const CONTROLLER = 'istio.io/ingress-controller';

/** The annotation goes before the field. A class whose IngressClass is not in the files is judged by its name. */
export function isIstioIngress(view: IngressView, catalog: Catalog, options: ReadOptions): boolean {
  const { classSemantics, classes = {} } = options;
  if (classSemantics !== undefined) return classSemantics === WORD;
  const { name, controller } = ingressClass(view, catalog);
  const asked = view.classAnnotation ?? name;
  const said = asked === undefined ? undefined : own(classes, asked);
  if (said !== undefined) return said === WORD;
  if (view.classAnnotation !== undefined) return view.classAnnotation === CLASS;
  return controller === undefined ? name === CLASS : controller === CONTROLLER;
}

/** The files say that Istio's controller runs here, whether or not an Ingress is for it. */
export const hasIstioClass = (catalog: Catalog): boolean =>
  catalog.ofKind('networking.k8s.io/IngressClass').some((c) => specOf(c).controller === CONTROLLER);
