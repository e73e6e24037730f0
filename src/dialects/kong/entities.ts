// Kong's own objects, whoever makes them of what: the controller of the cluster's objects, or a declarative file.

import type { Destination, Json, Listener, Origin, StringMatcher, Template } from '../../model/index.js';
import type { UpstreamPolicy } from './upstream-policy.js';

export type Flavor = 'traditional_compatible' | 'traditional' | 'expressions';

export interface KongService {
  readonly name: string;
  /** `http`, `https`, `grpc` … */
  readonly protocol: string;
  /** What upstream paths begin with. Default `/`. */
  readonly path: string;
  /** Whether it is set at all, by somebody or by the controller. */
  readonly hasPath: boolean;
  /** Where it leads; with weights where it has several backends. */
  readonly to: readonly { readonly destination: Destination; readonly weight: number }[];
  /** What stands in the Host header where the route does not preserve the client's. */
  readonly host: Template;
  /** Said in place of Kong's defaults, one of a name; times in ms (delivery.ts). */
  readonly settings: readonly ServiceSetting[];
  readonly policy?: UpstreamPolicy;
  /** The object whose settings it has: the Kubernetes Service, or the entry of a file. */
  readonly origin: Origin;
}

/** Times between two operations (never for a whole answer), and how many more endpoints are tried. */
export const SERVICE_SETTINGS = ['connect-timeout', 'read-timeout', 'write-timeout', 'retries'] as const;

export interface ServiceSetting {
  readonly name: (typeof SERVICE_SETTINGS)[number];
  readonly value: number;
  readonly origin: Origin;
}

/** `equal` is what expressions say; a pattern is written without the tilde before it. */
export interface KongPath {
  readonly kind: 'prefix' | 'regex' | 'equal';
  readonly value: string;
  /** Of a pattern that stands for an exact path or a prefix: the path as it is written. */
  readonly literal?: string;
  readonly origin: Origin;
}

export interface KongRoute {
  readonly name: string;
  readonly id: string;
  readonly service?: KongService;
  readonly protocols: readonly string[];
  readonly hosts: readonly string[];
  readonly paths: readonly KongPath[];
  readonly methods: readonly string[];
  /** Name → values, any of which matches; `~*` begins a pattern. */
  readonly headers: readonly (readonly [name: string, values: readonly string[]])[];
  readonly snis: readonly string[];
  /** Matches of queries (expressions only). */
  readonly query?: readonly (readonly [name: string, value: StringMatcher])[];
  /** KongPlugins of its namespace that are named beside those of the object's annotation. */
  readonly named?: readonly PluginName[];
  readonly regexPriority: number;
  /** Of expressions; the others compute it. */
  readonly priority?: bigint;
  readonly stripPath: boolean;
  readonly preserveHost: boolean;
  readonly pathHandling: 'v0' | 'v1';
  /** As it is written; absent: nowhere. */
  readonly pathHandlingWord?: string;
  readonly httpsRedirectStatus: number;
  /** The object that it is made of, or the entry of a file. */
  readonly origin: Origin;
}

export interface PluginName {
  readonly name: string;
  readonly origin: Origin;
}

export interface KongPlugin {
  readonly name: string;
  readonly config: Readonly<Record<string, Json>>;
  /** Which subsystem it is of; absent: HTTP's. */
  readonly protocols?: readonly string[];
  readonly enabled: boolean;
  /** Name of the route, the service, the consumer that it is for; without any: for all. */
  readonly route?: string;
  readonly service?: string;
  readonly consumer?: string;
  readonly consumerGroup?: string;
  readonly origin: Origin;
}

export interface KongConsumer {
  readonly id: string;
  readonly username?: string;
  readonly customId?: string;
  /** Of the plugin acl. */
  readonly groups: readonly string[];
  readonly consumerGroups: readonly string[];
  readonly keys: readonly string[];
  readonly passwords: readonly { readonly username: string; readonly password: string }[];
  /** Credentials of the plugin jwt; without a secret those that have a public key. */
  readonly tokens: readonly { readonly key: string; readonly algorithm: string; readonly secret?: string }[];
  readonly origin: Origin;
}

export interface KongCertificate {
  readonly hosts: readonly string[];
  readonly credential: { readonly namespace: string; readonly name: string };
  readonly origin: Origin;
}

export interface KongConfig {
  readonly flavor: Flavor;
  readonly routes: readonly KongRoute[];
  readonly plugins: readonly KongPlugin[];
  readonly consumers: readonly KongConsumer[];
  readonly certificates: readonly KongCertificate[];
  /** Of what is true of the whole, and where no route is: an object that it is made of. */
  readonly origin: Origin;
  /** Where bytes are taken. */
  readonly streams?: readonly Listener[];
}

/** What identifies a consumer in a plugin. */
export const nameOfConsumer = ({ username, customId }: Pick<KongConsumer, 'username' | 'customId'>): string =>
  username ?? customId ?? '';
