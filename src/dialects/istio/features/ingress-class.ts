// Which Ingresses Istio's controller takes: shouldProcessIngressWithClass in pilot/pkg/config/kube/ingress/virtualservices.go; with
// ingressControllerMode OFF it does not run at all (pilot/pkg/bootstrap/configcontroller.go).

import { type MeshConfig, meshConfig } from '../../../implementations/istio/mesh-config.js';
import { own } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { specOf } from '../../../resources/fields.js';
import type { IngressView } from '../../../resources/ingress.js';
import { type IngressClassRef, ingressClass } from '../../../resources/ingress-class.js';
import type { ReadOptions } from '../../dialect.js';

const WORD = 'istio';
const CLASS = 'istio';
const CONTROLLER = 'istio.io/ingress-controller';

/** The annotation goes before the field. */
export function isIstioIngress(view: IngressView, catalog: Catalog, options: ReadOptions): boolean {
  const { classSemantics, classes = {} } = options;
  if (classSemantics !== undefined) return classSemantics === WORD;
  const ref = ingressClass(view, catalog);
  const asked = view.classAnnotation ?? ref.name;
  const said = asked === undefined ? undefined : own(classes, asked);
  if (said !== undefined) return said === WORD;
  return takesIngress(ref, view, meshConfig(catalog));
}

/** A class whose IngressClass is not in the files is judged by its name. */
export function takesIngress({ name, controller }: IngressClassRef, view: IngressView, mesh: MeshConfig): boolean {
  if (mesh.ingressControllerMode === 'OFF') return false;
  if (view.classAnnotation !== undefined) return view.classAnnotation === mesh.ingressClass;
  if (controller !== undefined) return controller === CONTROLLER;
  return name === undefined ? mesh.ingressControllerMode === 'DEFAULT' : name === CLASS || name === mesh.ingressClass;
}

/** The files say that Istio's controller runs here, whether or not an Ingress is for it. */
export const hasIstioClass = (catalog: Catalog): boolean =>
  meshConfig(catalog).ingressControllerMode !== 'OFF' &&
  catalog.ofKind('networking.k8s.io/IngressClass').some((c) => specOf(c).controller === CONTROLLER);
