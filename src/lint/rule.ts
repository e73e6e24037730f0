// What a rule is: a stable code with words about it, and one of two ways to look, at fields of one object or at everything.

import type { Diagnostic, Fix, RuleDocs, Severity } from '../diagnostics/index.js';
import type { FieldPath, GatewayRequest, Json, JsonObject, Origin, Resource } from '../model/index.js';
import type { LintContext } from './context.js';

export type Category = 'field' | 'reference' | 'conflict' | 'reachability' | 'security' | 'migration' | 'note';

export interface Rule {
  /** `MGW0101`: stable, never reused. */
  readonly code: string;
  /** kebab-case, unique. */
  readonly name: string;
  readonly severity: Severity;
  readonly category: Category;
  /** `IST0101`: the message of `istioctl analyze` that says the same. */
  readonly istio?: string;
  readonly kiali?: string;
  /** One line, without a full stop. */
  readonly title: string;
  /** Made when asked: a run of lint reads none of them. */
  readonly docs: () => RuleDocs;
  /** Off unless a preset or the configuration turns it on. Default false. */
  readonly optIn?: boolean;
  /** Looks at fields; all field checks of a kind run in one walk over the object. */
  readonly fields?: readonly FieldCheck[];
  /** Looks at all objects or at the effective gateways. */
  readonly check?: (context: LintContext, report: Report) => void;
}

/** A finding of a rule, before configuration has its say. */
export interface Finding {
  readonly message: string;
  /** Where the effect of this one is another than the rule's usual one; a level that the configuration names wins. */
  readonly severity?: Severity;
  readonly at: Origin;
  readonly about?: Diagnostic['about'];
  readonly related?: Diagnostic['related'];
  readonly witness?: GatewayRequest;
  readonly fix?: Fix;
}

export type Report = (finding: Finding) => void;

/** A test of the values at one path of one kind. */
export interface FieldCheck {
  /** `group/Kind`. */
  readonly kind: string;
  /** `spec.http[].match[].headers{}.regex`: `[]` is each item of a list, `{}` each value of a map; `''` is the whole object. */
  readonly at: string;
  /** Runs for values that are there and not null. Says what is wrong, or nothing. */
  readonly test: FieldTest;
}

export type FieldTest = (value: Json, place: Place) => Problem | readonly Problem[];
/** `path` goes on from the tested value. */
export type Problem =
  | string
  | {
      readonly message: string;
      readonly path?: FieldPath;
      readonly about?: Diagnostic['about'];
      readonly fix?: Fix;
      readonly severity?: Severity;
    }
  | undefined;

/** Where a tested value stands. */
export interface Place {
  readonly resource: Resource;
  /** From the top of the object. */
  readonly path: FieldPath;
  /** Key or index of the value in its parent. */
  readonly key: string | number;
  /** `up(1)` is the parent. */
  up(levels: number): Json;
  /** The object's `spec` (or an empty object). */
  readonly spec: JsonObject;
}
