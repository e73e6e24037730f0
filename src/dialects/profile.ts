// What everybody may ask about a dialect without loading its reader and writer: names, kinds, flags, words. The file `profile.ts` of a
// dialect's folder holds it; it imports types, `model`, `resources` and what is as small, so that commands that read nothing stay fast.

import type { Approach, DialectName, ImplementationName, JsonObject, Origin, Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import type { IngressView } from '../resources/ingress.js';
import type { IngressClassRef } from '../resources/ingress-class.js';

export interface DialectProfile {
  /** The name of the folder. */
  readonly name: DialectName;
  /** In a sentence: `Gateway API`. */
  readonly title: string;
  /** Place in lists for people (help, messages), smallest first, then by name. Default: last. */
  readonly rank?: number;
  /** Kinds that it reads beyond those of Kubernetes itself. Objects of kinds that nobody names are counted and not looked at. */
  readonly kinds?: readonly KindGroup[];
  /** Group → all its kinds, read or not, also of releases gone by: another name there is a slip of the pen. Groups that nobody names can hold anything. */
  readonly allKinds?: Readonly<Record<string, readonly string[]>>;
  /** Kinds of others that its reader looks at, though no object of its own is there. */
  readonly consulted?: readonly KindGroup[];
  /** Its gateways can be assumed (Reader.gatewayObject). */
  readonly assumable?: true;
  /** Documents that are its own without being Kubernetes objects (Envoy's configuration): as which object each is read. Its kind is one of `kinds`. */
  document?(value: JsonObject): RecognisedDocument | undefined;
  /** Whether the dialect executes Ingresses of certain classes, and which. */
  readonly ingress?: IngressClaim;
  /** Whether its controller serves Gateways of the Gateway API, and of which classes; absent: none. */
  readonly gateways?: GatewayClaim;
  /** Flags of every command that reads configuration; their values come back in `ReadOptions.flags`. */
  readonly flags?: readonly DialectFlag[];
  /** Which set of the CRDs of its kinds the cluster has (schemas/crds), by the values of its flags; undefined: nobody says. */
  crds?(flags: Readonly<Record<string, string>>): string | undefined;
  /** Of what its gateways are made, for the message that there are none: `an Istio Gateway`. */
  readonly gatewaysFrom?: string;
  /** How `ways-in` calls ways through it: kind → title. The first is the usual one. */
  readonly ways?: Readonly<Record<string, string>>;
  /** Kinds (`group/Kind`) that let datagrams in (UDP), which no reader reads: `ways-in` names their objects. */
  readonly datagrams?: readonly string[];
  /** Which of them a rule is, and whether the client meets the rule's object first or the listener's. Default: the usual one, the listener. */
  wayOf?(rule: Origin, port: number): { readonly kind: string; readonly entry: 'rule' | 'listener' };
  /** What `convert` translates from it; absent: it is no source. */
  readonly source?: ConversionSource;
  /** Set where `convert` translates to it: the dialect has a writer. */
  readonly target?: ConversionTarget;
  /** Beginnings of annotations that its controller reads, slash included. */
  readonly annotations?: readonly string[];
}

export interface KindGroup {
  readonly group: string;
  /** Absent: all kinds of the group. */
  readonly kinds?: readonly string[];
  /** Those of them that have no namespace. */
  readonly clusterScoped?: readonly string[];
}

export interface RecognisedDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface IngressClaim {
  /** What `--class NAME=…` and `--class-semantics` call it: `nginx`. */
  readonly word: string;
  /** The class that is taken for its own where the files hold no IngressClass of that name; absent: it takes what nobody else claims. */
  readonly className?: string;
  /** Whether the `spec.controller` of an IngressClass is its own. */
  readonly isController?: (controller: string) => boolean;
  /**
   * What the controller's own configuration among the files says of an Ingress: whether it takes it; undefined: nothing. `view`: the
   * annotation may name another class than the field.
   */
  takes?(ref: IngressClassRef, view: IngressView, catalog: Catalog): boolean | undefined;
  /** The controller of `className` where the files do not say. */
  readonly controller?: string;
  /**
   * Beginning of annotations that only its controller reads, slash included: an Ingress that has some, and whose class nobody declares
   * and no other controller is known by, is taken for its own. Absent: annotations decide nothing.
   */
  readonly annotations?: string;
}

/** Whose Gateways are read by the dialect of that controller, with the routes attached to them, in place of the Gateway API's own. */
export interface GatewayClaim {
  /** Whether the `spec.controllerName` of a GatewayClass is its own. */
  readonly isController: (controller: string) => boolean;
  /** The class that is taken for its own where the files hold no GatewayClass of that name. */
  readonly className?: string;
}

export interface DialectFlag {
  /** Without dashes: `kong-router-flavor`. */
  readonly name: string;
  /** What stands for its value in the help: `<flavor>`. */
  readonly value: string;
  readonly description: string;
  /** `file`: the text of the file that it names. */
  readonly takes: 'text' | 'file';
  /** The values that it takes; absent: any. */
  readonly words?: readonly string[];
}

export interface ConversionSource {
  /** What the files have to hold: `Istio Gateway or VirtualService`. */
  readonly wanted: string;
  /**
   * `translated`: the target takes its place. `consulted`: only this source reads it, and it stays behind. Undefined: it is none of
   * this dialect's business, or it serves all of them (a Service, a Secret, a policy).
   */
  part(resource: Pick<Resource, 'group' | 'kind'>): 'translated' | 'consulted' | undefined;
  /** Of these objects, those that Ingresses name too (middlewares, classes): every translation sees them. */
  shared?(resource: Pick<Resource, 'group' | 'kind'>): boolean;
  /** Ingresses of the dialect's classes are translated too; with the source `ingress` they are all. */
  readonly ingresses?: true;
}

export interface ConversionTarget {
  /** Which way in it offers, for the advice of `ways-in`. */
  readonly approach?: Approach | 'gateway-api';
  /** It takes paths, and names of ports, as the source wrote them. Default: paths as its engine sees them, ports by number. */
  readonly asWritten?: true;
  /** It finds the only port of a Service where none is named. */
  readonly findsOnlyPort?: true;
  /** Whether values of headers can hold values of the request (`%REQ(:authority)%`). */
  writesOperators(implementation: ImplementationName | undefined): boolean;
}

/** By rank, then by name. */
export const byRank = (a: Pick<DialectProfile, 'name' | 'rank'>, b: Pick<DialectProfile, 'name' | 'rank'>): number =>
  (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER) || (a.name < b.name ? -1 : 1);
