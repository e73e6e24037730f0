// From a document's value to Kubernetes objects: lists are taken apart, metadata is read, what is no object is counted.

import type { Diagnostic } from '../diagnostics/index.js';
import {
  type FieldPath,
  isObject,
  type Json,
  type JsonObject,
  own,
  put,
  type Resource,
  type SourceDocument,
} from '../model/index.js';
import { describeValue, quoteHint } from './describe-value.js';
import { readableOf } from './encrypted.js';
import { finding } from './finding.js';
import { setting } from './fixes.js';
import { isClusterScoped, isRelated } from './kinds.js';
import { locate, sourceText } from './locate.js';

/** What was read and is not looked at: `batch/v1 Job` or `NOT_KUBERNETES` → how many. */
export type Ignored = Readonly<Record<string, number>>;
const NOT_KUBERNETES = 'documents that are not Kubernetes objects';
const PATCHES = 'patches of kustomize';

/** As which object a document is read that names no `apiVersion` and `kind`. */
export interface RecognisedDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Undefined: it is nobody's. */
export type Recognise = (value: JsonObject) => RecognisedDocument | undefined;

export interface ResourceSink {
  readonly resources: Resource[];
  readonly diagnostics: Diagnostic[];
  readonly ignored: Record<string, number>;
  readonly defaultNamespace: string;
  /** The namespace of all objects, whatever they name themselves. Absent: their own. */
  readonly namespaceOfAll?: string | undefined;
  readonly recognise?: Recognise | undefined;
}

const ignore = (sink: ResourceSink, what: string): void => {
  put(sink.ignored, what, (own(sink.ignored, what) ?? 0) + 1);
};

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What the items of a typed list (`IngressList`) are, where they do not say it themselves, as in answers of the API server. */
interface Inherited {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
}

/** Adds the objects of `value` to the sink. `base` is where `value` stands in the document. */
export function addResources(
  sink: ResourceSink,
  document: SourceDocument,
  value: Json,
  base: FieldPath = [],
  inherited?: Inherited,
): void {
  if (!isObject(value)) {
    if (isListOfKnown(sink, value))
      for (const [index, item] of value.entries()) addResources(sink, document, item, [...base, index]);
    else if (value !== null) ignore(sink, NOT_KUBERNETES);
    return;
  }
  // Part of an object, for kustomize: no object.
  if (own(value, '$patch') !== undefined) {
    ignore(sink, PATCHES);
    return;
  }
  const apiVersion = textOf(value.apiVersion) ?? inherited?.apiVersion;
  const kind = textOf(value.kind) ?? inherited?.kind;
  if (kind?.endsWith('List') && Array.isArray(value.items)) {
    const items = kind === 'List' ? undefined : { apiVersion, kind: kind.slice(0, -'List'.length) };
    for (const [index, item] of (value.items as Json[]).entries())
      addResources(sink, document, item, [...base, 'items', index], items);
    return;
  }
  if (apiVersion !== undefined && kind !== undefined) {
    addResource(sink, document, value, { apiVersion, kind }, base);
    return;
  }
  const recognised = sink.recognise?.(value);
  if (recognised) addRecognised(sink, document, value, recognised, base);
  else notAnObject(sink, document, value, base);
}

/** A list of documents that name no `apiVersion` and `kind`, as `istioctl proxy-config routes -o json` prints it. */
const isListOfKnown = (sink: ResourceSink, value: Json): value is readonly Json[] => {
  const first = Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
  return isObject(first) && first.apiVersion === undefined && sink.recognise?.(first) !== undefined;
};

function addRecognised(
  sink: ResourceSink,
  document: SourceDocument,
  object: JsonObject,
  { apiVersion, kind, name }: RecognisedDocument,
  base: FieldPath,
): void {
  const [version, group = ''] = apiVersion.split('/').reverse();
  sink.resources.push({
    ...{ apiVersion, group, version: version ?? '', kind, name, namespace: sink.defaultNamespace },
    ...{ labels: NONE, annotations: NONE, order: sink.resources.length, object, document, base },
  });
}

/** Something without `kind` or `apiVersion`: other people's YAML, or a slip. */
function notAnObject(sink: ResourceSink, document: SourceDocument, value: JsonObject, base: FieldPath): void {
  ignore(sink, NOT_KUBERNETES);
  const missing = ['apiVersion', 'kind'].filter((field) => textOf(own(value, field)) === undefined);
  const nearMiss =
    (missing.length === 1 && (isObject(value.metadata) || isObject(value.spec))) ||
    (isObject(value.metadata) && isObject(value.spec));
  if (!nearMiss) return;
  const place = locate({ resource: shell(document, base), path: [] });
  sink.diagnostics.push(
    finding(
      'notAnObject',
      `this looks like a Kubernetes object, but ${missing.map((m) => `\`${m}\``).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing or not text: the document is ignored`,
      place,
    ),
  );
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/** A resource that is only good for locating things in its document. */
const shell = (document: SourceDocument, base: FieldPath): Resource => ({
  apiVersion: '',
  group: '',
  version: '',
  kind: '',
  name: '',
  namespace: '',
  labels: NONE,
  annotations: NONE,
  order: -1,
  object: {},
  document,
  base,
});

const namespaceIn = (sink: ResourceSink, named: string): string =>
  sink.namespaceOfAll ?? (named === '' ? sink.defaultNamespace : named);

/** Files of istioctl, which it reads itself: nobody applies them. */
const mayBeUnnamed = (group: string, kind: string): boolean => group === 'install.istio.io' && kind === 'IstioOperator';
const UNNAMED = 'unnamed';
/** The file that Envoy Gateway itself starts with (https://gateway.envoyproxy.io/docs/api/extension_types/#envoygateway): no object, no CRD. */
const isOwnConfiguration = (group: string, kind: string): boolean =>
  group === 'gateway.envoyproxy.io' && kind === 'EnvoyGateway';

function addResource(
  sink: ResourceSink,
  document: SourceDocument,
  written: JsonObject,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  base: FieldPath,
): void {
  const object = readableOf(written);
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  if (isOwnConfiguration(group, kind)) {
    ignore(sink, `${apiVersion} ${kind}`);
    return;
  }
  if (!isRelated(group, kind)) {
    ignore(sink, `${apiVersion} ${kind}`);
    if (!isObject(object.metadata) || textOf(object.metadata.name) === undefined) return;
  }
  const metadata = object.metadata ?? (mayBeUnnamed(group, kind) ? {} : undefined);
  const complain = (path: FieldPath, message: string, more: Pick<Diagnostic, 'fix'> = {}) => {
    if (isRelated(group, kind))
      sink.diagnostics.push({
        ...finding('metadata', message, locate({ resource: shell(document, base), path })),
        ...more,
      });
  };
  if (!isObject(metadata)) {
    complain(['metadata'], `${kind} without a \`metadata\` mapping: \`metadata.name\` is required`);
    return;
  }
  const wrongText = (field: string) => {
    const value = own(metadata, field);
    const written = sourceText({ resource: shell(document, base), path: ['metadata', field] });
    complain(
      ['metadata', field],
      `\`metadata.${field}\` must be text, but is ${describeValue(value)}${quoteHint(written)}`,
    );
  };
  const name = textOf(metadata.name ?? (mayBeUnnamed(group, kind) ? UNNAMED : undefined));
  if (name === undefined) {
    if (typeof metadata.name === 'string' || metadata.name === undefined || metadata.name === null)
      complain(['metadata'], `${kind} without a name: \`metadata.name\` is required`);
    else wrongText('name');
    return;
  }
  const namespace = metadata.namespace ?? '';
  if (typeof namespace !== 'string') {
    wrongText('namespace');
    return;
  }
  const texts = (field: 'labels' | 'annotations'): Readonly<Record<string, string>> => {
    const map = metadata[field];
    if (map === undefined || map === null) return NONE;
    if (!isObject(map)) {
      complain(
        ['metadata', field],
        `\`metadata.${field}\` must be a mapping with text values, but is ${describeValue(map)}`,
      );
      return NONE;
    }
    const kept: Record<string, string> = {};
    for (const [key, value] of Object.entries(map)) {
      if (typeof value === 'string') put(kept, key, value);
      else if (value === null) put(kept, key, '');
      else {
        const path = ['metadata', field, key];
        const origin = { resource: shell(document, base), path };
        const written = sourceText(origin);
        complain(
          path,
          `the value of ${field === 'labels' ? 'label' : 'annotation'} \`${key}\` must be text, but is ${describeValue(value)}${quoteHint(written)}`,
          written === undefined ? {} : setting(origin, written),
        );
      }
    }
    return kept;
  };
  const created = typeof metadata.creationTimestamp === 'string' ? Date.parse(metadata.creationTimestamp) : Number.NaN;
  sink.resources.push({
    apiVersion,
    group,
    version: slash < 0 ? apiVersion : apiVersion.slice(slash + 1),
    kind,
    name,
    namespace: isClusterScoped(group, kind) ? sink.defaultNamespace : namespaceIn(sink, namespace),
    labels: texts('labels'),
    annotations: texts('annotations'),
    ...(Number.isNaN(created) ? {} : { createdAt: created }),
    order: sink.resources.length,
    object,
    document,
    base,
  });
}
