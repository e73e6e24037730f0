// Extensions: `typed_config` with its type, also inside of a TypedStruct, and the form without a type that Envoy had at first.

import { at, field, type Node } from './node.js';
import { text } from './values.js';

export interface Typed {
  /** Name in the list: `envoy.filters.http.cors`, or what the user called it. */
  readonly name: string;
  /** Without `type.googleapis.com/`: `envoy.extensions.filters.http.cors.v3.Cors`; empty: not said. */
  readonly type: string;
  readonly config: Node;
}

const withoutHost = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** A TypedExtensionConfig or an entry of a list of filters. */
export function typedOf(node: Node): Typed {
  const config = field(node, 'typed_config') ?? field(node, 'config');
  const name = text(node, 'name') ?? '';
  return config ? { name, ...anyOf(config) } : { name, type: '', config: node };
}

/** A google.protobuf.Any. */
export function anyOf(config: Node): Omit<Typed, 'name'> {
  const type = withoutHost(text(config, '@type') ?? '');
  if (!type.endsWith('.TypedStruct')) return { type, config };
  return { type: withoutHost(text(config, 'type_url') ?? ''), config: at(config, 'value') ?? config };
}

/** The last word of a type: `HttpConnectionManager`. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
