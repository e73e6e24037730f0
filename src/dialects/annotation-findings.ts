// What is wrong with the annotations of an object, asked of the dialects that read them: of an Ingress its owner only, and every
// controller where nobody claims it.

import type { Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { isIngress, upgradeIngress } from '../resources/ingress.js';
import type { AnnotationFinding } from './dialect.js';
import { ingressOwner } from './ingress-owner.js';
import { readers } from './readers.js';
import { profileOf } from './registry.js';

const NONE: readonly AnnotationFinding[] = [];

export function annotationFindings(resource: Resource, catalog: Catalog): readonly AnnotationFinding[] {
  if (Object.keys(resource.annotations).length === 0) return NONE;
  const able = readers().filter((d) => d.annotationFindings);
  return able.filter(isAsked(resource, catalog)).flatMap((d) => d.annotationFindings?.(resource) ?? []);
}

function isAsked(resource: Resource, catalog: Catalog): (dialect: { readonly name: string }) => boolean {
  if (!isIngress(resource)) return () => true;
  const { dialect } = ingressOwner(upgradeIngress(resource), catalog, {});
  const claimed = profileOf(dialect).ingress?.className !== undefined;
  return ({ name }) => !claimed || name === dialect;
}
