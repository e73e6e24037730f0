// Annotations of Istio that are misspelled, stand on an object where nobody reads them, or have a value that Istio does not take.
// pkg/config/analysis/analyzers/annotations (Istio of 2026-08-27), which looks at Namespaces, Services, Pods and Deployments; here also
// at the Pods of templates and at every other kind.

import type { RuleDocs } from '../../diagnostics/index.js';
import { nearestName } from '../../diagnostics/index.js';
import { type FieldPath, originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, specOf, stringMapOf } from '../../resources/fields.js';
import { service } from '../examples.js';
import { ISTIO_ANNOTATIONS, ISTIO_LABELS, type IstioAnnotation, isOwnAnnotation } from '../istio-annotations.js';
import type { Finding, Rule } from '../rule.js';

interface Annotation {
  readonly resource: Resource;
  /** Of the object, or of the Pods that it makes. */
  readonly kind: string;
  readonly name: string;
  readonly value: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly path: FieldPath;
  /** undefined: Istio has none of this name. */
  readonly known: IstioAnnotation | undefined;
}

const isIstio = (name: string): boolean => {
  const [domain = '', rest] = name.split('/');
  return rest !== undefined && (domain === 'istio.io' || domain.endsWith('.istio.io'));
};

/** Kinds that hold objects for others or are Istio's installation: their annotations mean something else. */
const NOT_LOOKED_AT = new Set(['CustomResourceDefinition', 'IstioOperator', 'Secret', 'ConfigMap']);

function* annotations(catalog: Catalog): Generator<Annotation> {
  for (const resource of catalog.all) {
    if (NOT_LOOKED_AT.has(resource.kind)) continue;
    yield* annotationsOf(resource, resource.kind, resource.annotations, resource.labels, ['metadata', 'annotations']);
    const template = objectOf(objectOf(specOf(resource).template)?.metadata);
    if (template)
      yield* annotationsOf(resource, 'Pod', stringMapOf(template.annotations), stringMapOf(template.labels), [
        'spec',
        'template',
        'metadata',
        'annotations',
      ]);
  }
}

/** Controllers of Ingresses read the class on kinds of their own (TCPIngress, KongConsumer, IngressRoute), and Istio does not look at them. */
const isForeign = ({ group }: Resource): boolean => group.includes('.') && !/(^|\.)(istio|k8s)\.io$/.test(group);

function* annotationsOf(
  resource: Resource,
  kind: string,
  all: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
  path: FieldPath,
): Generator<Annotation> {
  for (const [name, value] of Object.entries(all)) {
    const ofIngress = name === 'kubernetes.io/ingress.class' && kind !== 'Ingress' && !isForeign(resource);
    if ((!ofIngress && !isIstio(name)) || isOwnAnnotation(name)) continue;
    yield { resource, kind, name, value, labels, path: [...path, name], known: ISTIO_ANNOTATIONS.get(name) };
  }
}

const isPlaced = ({ kinds }: IstioAnnotation, { resource, kind }: Annotation): boolean =>
  kinds.includes('Any') ||
  (kinds.includes(kind) && (kind !== 'Gateway' || resource.group === 'gateway.networking.k8s.io'));

const NAMES = [...ISTIO_ANNOTATIONS.keys()];

function unknown({ name, known }: Annotation): string | undefined {
  if (known) return undefined;
  if (ISTIO_LABELS.has(name)) return `${name} is a label: as an annotation it has no effect`;
  // The part behind the slash is what people misspell; with the domain it is too long to compare.
  const [domain = '', own = ''] = name.split('/');
  const near =
    nearestName(
      own,
      NAMES.filter((n) => n.startsWith(`${domain}/`)).map((n) => n.slice(domain.length + 1)),
    ) ?? undefined;
  const elsewhere = NAMES.find((n) => n.slice(n.indexOf('/') + 1) === own);
  const meant = near ? `${domain}/${near}` : elsewhere;
  return `Istio has no annotation ${name}${meant ? `; did you mean ${meant}?` : ''}`;
}

function misplaced(annotation: Annotation): string | undefined {
  const { known, name, kind } = annotation;
  if (!known || isPlaced(known, annotation)) return undefined;
  const ofTemplate = known.kinds.includes('Pod') && objectOf(specOf(annotation.resource).template);
  return `${name} is read on ${known.kinds.join(', ')}, not on ${kind}${ofTemplate ? ': write it under spec.template.metadata.annotations' : ''}`;
}

function invalid(annotation: Annotation): string | undefined {
  const { known, name, value } = annotation;
  const why = known && isPlaced(known, annotation) ? known.refuses?.(value) : undefined;
  return why && `${name} ${why}`;
}

function deprecated({ known, name, labels }: Annotation): string | undefined {
  if (known?.deprecated === undefined) return undefined;
  if (name === 'sidecar.istio.io/inject' && own(labels, name) !== undefined) return undefined;
  return `the annotation ${name} is deprecated${known.deprecated ? `; use ${known.deprecated}` : ''}`;
}

const annotated = (annotation: string) =>
  service('ports: [{name: http, port: 80}]').replace(
    'namespace: default',
    `namespace: default\n  annotations: {${annotation}}`,
  );
const pod = (annotation: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\n  namespace: default\n  annotations: {${annotation}}\nspec: {containers: [{name: shop, image: shop}]}\n`;

const annotationRule = (
  words: Pick<Rule, 'code' | 'name' | 'severity' | 'istio' | 'title'> & { readonly docs: () => RuleDocs },
  test: (annotation: Annotation) => string | undefined,
  about?: Finding['about'],
): Rule => ({
  ...words,
  category: 'field',
  check: ({ catalog }, report) => {
    for (const annotation of annotations(catalog)) {
      const message = test(annotation);
      const at = originOf(annotation.resource, ...annotation.path);
      if (message) report({ message, at, ...(about ? { about } : {}) });
    }
  },
});

export const rules: readonly Rule[] = [
  annotationRule(
    {
      code: 'MGW1221',
      name: 'istio-annotation-unknown',
      severity: 'warning',
      istio: 'IST0108',
      title: 'Unknown Istio annotation',
      docs: () => ({
        happens: 'It is ignored.',
        instead: 'The intended name.',
        bad: annotated('networking.istio.io/exportsTo: "."'),
        good: annotated('networking.istio.io/exportTo: "."'),
      }),
    },
    unknown,
    'key',
  ),
  annotationRule(
    {
      code: 'MGW1222',
      name: 'istio-annotation-misplaced',
      severity: 'warning',
      istio: 'IST0107',
      title: 'Istio annotation on a kind where it has no effect',
      docs: () => ({
        happens: 'It is ignored there.',
        instead:
          'The annotation on an object of the kind that the message names; for Pods of a Deployment in its template.',
        bad: annotated('proxy.istio.io/config: "{}"'),
        good: pod('proxy.istio.io/config: "{}"'),
      }),
    },
    misplaced,
    'key',
  ),
  annotationRule(
    {
      code: 'MGW1223',
      name: 'istio-annotation-value',
      severity: 'warning',
      istio: 'IST0125',
      title: 'Invalid value of an Istio annotation',
      docs: () => ({
        happens: 'The sidecar injector refuses the Pod.',
        instead: 'A value of the type that the message names.',
        bad: pod('readiness.status.sidecar.istio.io/periodSeconds: "soon"'),
        good: pod('readiness.status.sidecar.istio.io/periodSeconds: "10"'),
      }),
    },
    invalid,
  ),
  annotationRule(
    {
      code: 'MGW1224',
      name: 'istio-annotation-deprecated',
      severity: 'info',
      istio: 'IST0135',
      title: 'Deprecated Istio annotation',
      docs: () => ({
        happens: 'It works, but a later version may remove it.',
        instead: 'The replacement that the message names.',
        bad: pod('sidecar.istio.io/inject: "true"'),
        good: pod('proxy.istio.io/config: "{}"'),
      }),
    },
    deprecated,
    'key',
  ),
];
