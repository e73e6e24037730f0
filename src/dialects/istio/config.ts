// What the features of this dialect hand to each other: Gateway and VirtualService objects, read from their own kinds or
// generated from an Ingress, with every name resolved and the place of every part kept.

import type { IstioProtocol } from '../../implementations/istio/protocol.js';
import type { JsonObject, Origin } from '../../model/index.js';
import type { Field } from '../../resources/fields.js';

/** What a server or port speaks; `UNSUPPORTED` where Istio does not know the word. */
export type Protocol = IstioProtocol | 'UNSUPPORTED';

interface Aged {
  readonly name: string;
  readonly namespace: string;
  /** In ms; generated objects are older than everything (a zero time in Istio). */
  readonly createdAt: number;
  readonly origin: Origin;
}

export type TlsMode = 'PASSTHROUGH' | 'SIMPLE' | 'MUTUAL' | 'AUTO_PASSTHROUGH' | 'ISTIO_MUTUAL' | 'OPTIONAL_MUTUAL';

export interface ServerTls {
  readonly mode: TlsMode;
  readonly httpsRedirect: boolean;
  /** The `tls` block as it was written. */
  readonly settings: JsonObject;
  readonly origin: Origin;
}

/** One entry of `spec.servers`; hosts are `*`, `*.a.b`, `a.b` or `namespace/…`. */
export interface Server {
  readonly port: number;
  /** Where it listens in the gateway's pods; absent: on `port`. */
  readonly podPort?: number;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly bind: string;
  readonly hosts: readonly string[];
  readonly tls?: ServerTls;
  /** `namespace/name` of the Gateway: how VirtualServices refer to it. */
  readonly gateway: string;
  readonly origin: Origin;
}

export interface GatewayConfig extends Aged {
  /** Labels of the workloads it is for; absent: all. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly servers: readonly Server[];
}

/** Where requests go; `host` is fully qualified. */
export interface DestinationConfig {
  readonly host: string;
  readonly port?: number | undefined;
  /** Of an Ingress, where the Service is not in the files; `port` is 0 then. */
  readonly portName?: string | undefined;
  readonly subset?: string | undefined;
  readonly origin: Origin;
}

export interface WeightedConfig {
  readonly destination: DestinationConfig;
  readonly weight: number;
  readonly headers?: Field<JsonObject> | undefined;
  readonly origin: Origin;
}

/** A StringMatch of the API; `kind: 'unset'` where none of exact, prefix and regex is written. */
export interface StringMatch {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'unset';
  readonly value: string;
  readonly origin: Origin;
}

/** A test of a header or query parameter. */
export interface NamedMatch extends StringMatch {
  readonly name: string;
}

export interface MatchConfig {
  readonly name: string;
  readonly uri?: StringMatch | undefined;
  readonly scheme?: StringMatch | undefined;
  readonly method?: StringMatch | undefined;
  readonly authority?: StringMatch | undefined;
  readonly headers: readonly NamedMatch[];
  readonly withoutHeaders: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
  readonly ignoreUriCase: boolean;
  /** 0: any. */
  readonly port: number;
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace: string;
  /** `namespace/name`. */
  readonly gateways: readonly string[];
  readonly origin: Origin;
}

/** Fields of an HTTP rule that are read where they are needed; a delegate inherits those it does not set. */
export type RuleField =
  | 'rewrite'
  | 'directResponse'
  | 'timeout'
  | 'retries'
  | 'fault'
  | 'mirror'
  | 'mirrorPercent'
  | 'mirrorPercentage'
  | 'corsPolicy'
  | 'mirrors'
  | 'headers';

export interface HttpRule {
  readonly name: string;
  /** Empty: everything matches. */
  readonly matches: readonly MatchConfig[];
  readonly route: readonly WeightedConfig[];
  readonly redirect?: Field<JsonObject> | undefined;
  readonly delegate?: Field<JsonObject> | undefined;
  readonly fields: Readonly<Partial<Record<RuleField, Field>>>;
  readonly origin: Origin;
}

/** A `tls` or `tcp` rule. Only port and gateways count at a gateway: l4SingleMatch in pilot/pkg/networking/core/gateway.go. */
export interface L4Rule {
  readonly matches: readonly L4Match[];
  readonly route: readonly WeightedConfig[];
  readonly origin: Origin;
}

export interface L4Match {
  readonly port: number;
  readonly gateways: readonly string[];
  readonly sniHosts: readonly string[];
  /** Names of predicates that a gateway does not look at. */
  readonly ignored: readonly string[];
  readonly origin: Origin;
}

export interface VirtualServiceConfig extends Aged {
  /** Empty: a delegate. */
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  /** `*`, `~` and namespaces; `.` is resolved. */
  readonly exportTo: ReadonlySet<string>;
  readonly http: readonly HttpRule[];
  readonly tls: readonly L4Rule[];
  readonly tcp: readonly L4Rule[];
  /** Prefixes of an Ingress end at a slash: UseIngressSemantics in pilot/pkg/model/virtualservice.go. */
  readonly semantics: 'istio' | 'ingress';
}
