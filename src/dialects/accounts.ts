// What a writer says of every part of the model: written, lost, or without meaning for its target. Part by part, so that a new field of
// the model does not compile in a writer that does not account for it.

import type { FeatureKey } from '../convert/features/index.js';
import type {
  EffectiveGateway,
  FieldPath,
  FilterChain,
  Json,
  NodeOf,
  Part,
  Resource,
  Route,
  ValueOf,
} from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { WriteOptions } from './write-options.js';

export type Fate =
  /** It is in the output. */
  | 'written'
  /** It is not: the entry of the feature table that says what that means. `message`: what is lost of this value. */
  | { readonly lost: FeatureKey; readonly message?: string }
  /** Nothing has to be written for it, and why. */
  | { readonly without: string };

/** Where a part stands. */
export interface At {
  readonly gateway: EffectiveGateway;
  readonly chain?: FilterChain;
  readonly route?: Route;
  /** Some rule of the chain is in the output. */
  readonly served: boolean;
  readonly options: WriteOptions;
}

export type Accounts = {
  readonly [P in Part]: Fate | ((value: ValueOf<P>, node: NodeOf<P>, at: At) => Fate);
};

/** The same fate for several parts. */
export const each = <P extends Part, F>(parts: readonly P[], fate: F): { readonly [part in P]: F } =>
  Object.fromEntries(parts.map((part) => [part, fate])) as { [part in P]: F };

/** Changes of headers, of requests and of answers. */
export const HEADER_PARTS = [
  'RequestHeaders.set',
  'RequestHeaders.add',
  'RequestHeaders.remove',
  'ResponseHeaders.set',
  'ResponseHeaders.add',
  'ResponseHeaders.remove',
] as const satisfies readonly Part[];

/** A CORS policy, but for what it does with preflights that it does not allow. */
export const CORS_PARTS = [
  'CorsPolicy.allowOrigins',
  'CorsPolicy.allowMethods',
  'CorsPolicy.allowHeaders',
  'CorsPolicy.exposeHeaders',
  'CorsPolicy.maxAge',
  'CorsPolicy.allowCredentials',
] as const satisfies readonly Part[];

/**
 * What the fields of a source's objects become in the model: pattern of a path → parts. A pattern has its keys apart by dots (a key with dots in quotes), `[]` for any index, `*` for any key
 * and `**` at its end for anything below; the first that fits counts. `without`: why the field means nothing there. A field that no
 * pattern fits is looked up by the places that parts of the model come from.
 */
export type Feeds = Readonly<Record<string, Feed>>;

/** What one field becomes. */
export type Feed =
  | readonly Part[]
  | { readonly without: string }
  /** Of a field whose places count: why it means nothing where no part of the model comes from it. */
  | { readonly otherwise: string }
  /** `usual`: the value is what holds without the field, or why else the field says nothing here. */
  | { readonly parts: readonly Part[]; readonly usual: (value: Json, path: FieldPath) => boolean | string };

/** The same, of a field that they stand below. */
export const feedsBelow = (prefix: string, feeds: Feeds): Feeds =>
  Object.fromEntries(Object.entries(feeds).map(([pattern, parts]) => [`${prefix}.${pattern}`, parts]));

/** Headers that the Gateway API's words change: `set`, `add`, `remove`. */
export const headerFeeds = (direction: 'Request' | 'Response'): Feeds => ({
  'set[].*': [`${direction}Headers.set`],
  'add[].*': [`${direction}Headers.add`],
  'remove[]': [`${direction}Headers.remove`],
});

/** The feeds of one kind of object. */
export type FeedsOf = (resource: Resource, catalog: Catalog) => Feeds;

/**
 * All fields of an object with what they become, where paths alone do not say it (messages of protobuf stand in many places). What nobody
 * reads is one field, whatever is below it: without a feed.
 */
export type FieldsWithFeeds = (resource: Resource) => Iterable<readonly [path: FieldPath, feed: Feed | undefined]>;

const NAME = { without: 'a name without an effect on requests' } as const;
const FACT = { without: 'describes what the files contain, not a setting' } as const;

/** What holds whatever the target is: parts that no output has, each with the reason. A writer spreads it and accounts for the rest. */
export const COMMON = {
  'HttpChain.name': NAME,
  'L4Chain.name': NAME,
  'VirtualHost.name': NAME,
  'Route.name': NAME,
  'TlsContext.ownCertificate': { without: 'has an item of its own: tls.default-certificate' },
  'Route.own': { without: 'the controller answers so by itself' },
  'Mirror.path': { without: 'a mirrored request keeps the path of the request' },
  'Delivery.settingsOf': { without: 'names the object that the settings come from' },
  'Delivery.maxRequestBytes': { without: 'the limit of the route is accounted for' },
  'Destination.missing': FACT,
  'Destination.why': FACT,
  'Destination.wholeHost': FACT,
  'DirectResponse.defaultBackend': FACT,
} as const satisfies Partial<Accounts>;
