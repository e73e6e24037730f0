// What a file holds: documents, and the Kubernetes objects in them. Positions are not stored: an origin is
// an object and a path, and `sources/locate` turns it into line and column when somebody asks (see docs/decisions/0001).

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys and indexes from the top of an object to a value: `['spec', 'http', 0, 'match']`. */
export type FieldPath = readonly (string | number)[];

/** One YAML document (or one JSON text) of one file. */
export interface SourceDocument {
  /** As the user named it (relative to the working directory where it can be); `<stdin>` for `-`. */
  readonly file: string;
  /** Line of the file (1-based) on which `text` begins. */
  readonly startLine: number;
  readonly text: string;
}

/** One Kubernetes object, as it was written: no defaults filled in, old API versions not upgraded. */
export interface Resource {
  readonly apiVersion: string;
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  /** Never empty: the `--namespace` default stands in where the object names none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `metadata.creationTimestamp` in ms since the epoch, where the object has one. */
  readonly createdAt?: number;
  /** Position among all objects read, over all files: the tie-break of last resort. */
  readonly order: number;
  readonly object: JsonObject;
  readonly document: SourceDocument;
  /** Where the object stands in its document: `[]`, or `['items', 3]` inside a `kind: List`. */
  readonly base: FieldPath;
  /** The set of CRDs that the cluster is said to have (`--gateway-api-channel`, `--gateway-api-version`): `1.7-experimental`. */
  readonly crds?: string;
  /** As the file has it, where the API server drops a part. */
  readonly written?: JsonObject;
  /** Not in the files: it stands for what is said to exist elsewhere (`--assume-gateway`). */
  readonly assumed?: true;
  /** The object of the files that names it and holds what was made from it (a config dump of Envoy); `object` is that one's. Absent: it is itself in the files. */
  readonly namedIn?: Resource;
}

/** Where a thing in the model comes from: a field of an object. `path` is relative to the object. */
export interface Origin {
  readonly resource: Resource;
  readonly path: FieldPath;
}

/** A place in a file; line and column are 1-based. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The object of the files in which it stands. */
export const holderOf = (resource: Resource): Resource => resource.namedIn ?? resource;

export const originOf = (resource: Resource, ...path: (string | number)[]): Origin => ({ resource, path });

/** `spec.http[0].match[1].uri`, as kubectl and the API server write field paths. */
export const formatPath = (path: FieldPath): string =>
  path
    .map((p, i) =>
      typeof p === 'number' ? `[${p}]` : /^[\w-]+$/.test(p) ? (i === 0 ? '' : '.') + p : `[${JSON.stringify(p)}]`,
    )
    .join('');

/** `VirtualService default/httpbin`. */
export const formatResource = (r: Pick<Resource, 'kind' | 'namespace' | 'name'>): string =>
  `${r.kind} ${r.namespace}/${r.name}`;
