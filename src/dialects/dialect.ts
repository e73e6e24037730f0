// What every dialect offers. A dialect resolves all of its own precedence when it reads, so that the model only
// knows "first match wins".

import type { FeatureKey } from '../convert/features/index.js';
import type {
  Action,
  Assumption,
  DialectName,
  EffectiveGateway,
  FieldPath,
  FilterChain,
  GatewayRequest,
  JsonObject,
  ObjectStatus,
  Origin,
  Resource,
  Route,
  RouterCheck,
  Template,
} from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { Accounts, FeedsOf, FieldsWithFeeds } from './accounts.js';
import type { DialectProfile } from './profile.js';
import type { Implementation, WriteOptions } from './write-options.js';

export type { FeatureKey, WriteOptions };

export interface ReadOptions {
  /** Overrides the class of every Ingress (`--class-semantics`): the word of an IngressClaim. */
  readonly classSemantics?: string;
  /** Whose an ingress class is (`--class NAME=WORD`): class → the word of an IngressClaim. */
  readonly classes?: Readonly<Record<string, string>>;
  /** Values of the dialects' own flags, by name; of a flag that takes a file, its text. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Whose Gateway API is read (`--implementation`): Istio's (default), or what the standard says. */
  readonly implementation?: Implementation;
  /** Gateways that exist elsewhere (`--assume-gateway`). */
  readonly assumedGateways?: readonly AssumedGateway[];
  /** Numbers of named ports whose Services are not in the files (`--service-port`), by `NAME` or `NAMESPACE/SERVICE:NAME`. */
  readonly servicePorts?: Readonly<Record<string, number>>;
  /** The files are tables of routes that tests of router_check_tool are about (`simulate --check`). */
  readonly routerCheck?: RouterCheck;
  /** Key sets (JSON text) that would be fetched, by `jwksUri` or issuer. */
  readonly keySets?: Readonly<Record<string, string>>;
}

/** An Istio Gateway or a Gateway of the Gateway API that the files do not hold: HTTP on 80, and HTTPS on 443 with some certificate. */
export interface AssumedGateway {
  readonly namespace: string;
  readonly name: string;
  /** Absent: for all hosts. */
  readonly hosts?: readonly string[];
}

/** A part of an object (a mapping, or a text of YAML) that is read as an object of its own. */
export interface EmbeddedPart {
  readonly holder: Resource;
  readonly path: FieldPath;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Gateways as another dialect can say them, and what that has cost. */
export interface NamedGateways {
  readonly gateways: readonly EffectiveGateway[];
  readonly items: readonly WrittenLoss[];
}

/** What an object with routes is attached to. */
export interface Parent {
  /** The object with the routes. */
  readonly resource: Resource;
  /** A gateway by name; absent: sidecars of the mesh, which no gateway is. */
  readonly gateway?: Pick<AssumedGateway, 'namespace' | 'name'>;
  /** The files hold that gateway. */
  readonly found: boolean;
  /** The field that names it. */
  readonly origin: Origin;
}

/** A loss or a decision that a writer found: an entry of the feature table, and where it applies. */
export interface WrittenLoss {
  readonly key: FeatureKey;
  /** Stable name in the report, where it is not the key: `annotation.limit-rate`. */
  readonly name?: string;
  readonly message: string;
  readonly origin: Origin;
  /** The routes that it is about, where not all that come from `origin`: what is left out of one place need not be all of it. */
  readonly routes?: readonly Route[];
  /** What the target has in place of these routes, where the feature alone does not say it. */
  readonly instead?: ReadonlyMap<Route, Route>;
  /** The rules that are the keys of `instead` are closed because of it. */
  readonly closed?: true;
  /** Chains that forward bytes and are closed because of it. */
  readonly chains?: readonly FilterChain[];
  /** Routes that take requests of it first in the target. */
  readonly rivals?: readonly Route[];
  /** The hosts that it is about, as an Ingress names them, where its rules serve others too. */
  readonly hosts?: readonly string[];
  /** Paths (without a query) of the rule for which nothing is lost. */
  readonly exactFor?: readonly string[];
}

/** Rules of the model, or copies of them, by what the writer did. A rule in neither set and without a loss was forgotten. */
export interface WrittenRules {
  readonly written: ReadonlySet<Route>;
  readonly needless: ReadonlySet<Route>;
}

export interface WriteResult {
  /** Kubernetes objects (or, for envoy, one bootstrap), in a stable order. */
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  /** In the order in which they were found; what is carried over is not among them. */
  readonly items: readonly WrittenLoss[];
  readonly rules: WrittenRules;
  /** Which gateway of the output takes which source gateway's place: id → id. Absent ids keep their names. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** Where parts of `objects` come from: the writer of YAML puts a comment before them. */
  readonly origins?: ReadonlyMap<object, Origin>;
  /** What a reader of the YAML has to know about parts of `objects`: a comment of one or more lines before them. */
  readonly remarks?: ReadonlyMap<object, string>;
  /** What the installation of the control plane has to hold for it: no object for `kubectl apply`. */
  readonly installation?: JsonObject;
}

/** What reading found that nobody asked for but everybody should know: a delegate that is dropped, a server that is skipped. */
export interface ReadNote {
  /** Stable name: `delegate-conflict`, `server-skipped`. */
  readonly code: string;
  readonly message: string;
  readonly origin: Origin;
  /** Hosts whose requests do not get what was left out (`a.example.com`, `*.example.com`, `*`). Absent: not known. */
  readonly hosts?: readonly string[];
  /** A request that shows it. */
  readonly witness?: GatewayRequest;
}

export interface ReadResult {
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
  /** What was taken for given; absent: nothing. */
  readonly assumptions?: readonly Assumption[];
}

/** What is wrong with an annotation, as lint tells it (lint/rules/annotations.ts has a code for each kind). */
export interface AnnotationFinding {
  /**
   * - `unknown`: no such annotation. - `ignored-value`: counts as absent. - `ingress-ignored`: the controller leaves the
   * object out. - `location-denied`: every path answers 503. - `auth-ignored`: authentication is switched off.
   * - `no-effect`: needs another one, or something else stands in its way. - `snippet`: raw configuration of the proxy.
   */
  readonly code:
    | 'unknown'
    | 'ignored-value'
    | 'ingress-ignored'
    | 'location-denied'
    | 'auth-ignored'
    | 'no-effect'
    | 'snippet';
  readonly message: string;
  readonly path: FieldPath;
  /** The nearest known name, for `unknown`. */
  readonly suggestion?: string;
}

/** Where an implementation reads an object otherwise than the specification says. */
export interface SpecificationDifference {
  readonly spec: string;
  readonly implementation: string;
  readonly origin: Origin;
}

/** How else the objects of a dialect may be read. */
export interface DialectVariant {
  /** In a sentence: `router flavour traditional`. */
  readonly title: string;
  readonly options: ReadOptions;
  /** Of the note about a difference (ReadNote.code). */
  readonly note: string;
}

/** What a dialect does with objects. A dialect is a folder whose `reader.ts` exports this as `reader`; what it can do is what is there. */
export interface Reader {
  readonly name: DialectName;
  readonly profile: DialectProfile;
  /** The gateways that the objects of this dialect define; objects of other dialects are left alone. Absent: it is only written. */
  read?(catalog: Catalog, options: ReadOptions): ReadResult;
  /**
   * The same objects under other settings of the data plane that the files cannot hold, and that nobody has said: lint shows where answers
   * depend on them. None: they are said, or there are none.
   */
  variants?(options: ReadOptions): readonly DialectVariant[];
  /** What is taken for given where the gateways of all dialects are known: its control plane may serve those of others. */
  assumptions?(catalog: Catalog, gateways: readonly EffectiveGateway[], options: ReadOptions): readonly Assumption[];
  /** What its objects do to the gateways of others. */
  overGateways?(
    gateways: readonly EffectiveGateway[],
    catalog: Catalog,
  ): { readonly gateways: readonly EffectiveGateway[]; readonly assumptions: readonly Assumption[] };
  /** What the routes of its objects are attached to, in reading order. */
  parents?(catalog: Catalog): readonly Parent[];
  /** Objects of its own inside of other objects, and, by options, objects that are nowhere in the files. */
  embedded?(
    catalog: Catalog,
    options: ReadOptions,
  ): { readonly parts: readonly EmbeddedPart[]; readonly assumed?: readonly JsonObject[] };
  /** The object that an assumed gateway would be. */
  gatewayObject?(gateway: AssumedGateway): JsonObject;
  /** What its controller makes of the annotations of an object. */
  annotationFindings?(resource: Resource): readonly AnnotationFinding[];
  /** What controllers would write into the `status` of its objects. */
  statuses?(catalog: Catalog, options: ReadOptions): readonly ObjectStatus[];
  specificationDifferences?(catalog: Catalog): readonly SpecificationDifference[];
}

/** All of it: the folder's `index.ts` exports this as `dialect`. What is beyond its reader is for translations only, and loaded with them. */
export interface Dialect extends Reader {
  /** Headers of the request that its engine sends to destinations by itself and Envoy does not, as a rule sets them. */
  readonly forwardedHeaders?: (port: number) => readonly (readonly [name: string, value: Template])[];
  /** What a rule does whose protection cannot be written, so that nobody gets in; set where `write` is. */
  closed?(route: Route): Action;
  write?(gateways: readonly EffectiveGateway[], catalog: Catalog, options: WriteOptions): WriteResult;
  /** What becomes of each part of the model when it is written; set where `write` is. */
  readonly accounts?: Accounts;
  /** What an object does besides being read for gateways, which no translation takes along. */
  leaves?(resource: Resource): readonly WrittenLoss[];
  /** Its gateways with destinations under names that other dialects have for them, where its own are nobody else's. */
  withServices?(gateways: readonly EffectiveGateway[], catalog: Catalog, options: ReadOptions): NamedGateways;
  /** What the fields of an object become in the model when it is read. */
  readonly feeds?: FeedsOf;
  /** Keys at the top of an object below which its settings stand (default: `spec`). */
  settings?(resource: Resource): readonly string[];
  /** The same field by field, in place of `feeds`. */
  readonly fields?: FieldsWithFeeds;
}
