// What meshgw has to say about a place in somebody's file.

import type { GatewayRequest, Origin, Position } from '../model/index.js';

export type Severity = 'error' | 'warning' | 'info';

/** A finding. `place` of a document that could not be read is a position; of everything else an origin, located when it is reported. */
export interface Diagnostic {
  /** `MGW0101`: stable, never reused. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, what happens at run time, what to do instead. No trailing newline. */
  readonly message: string;
  readonly place: Origin | Position;
  /** What is wrong is the key of the field, not its value. */
  readonly about?: 'key';
  /** The line at a place that is a position; of an origin it is looked up. */
  readonly source?: string;
  /** Counterparts: `IST0101`, `KIA1101`. */
  readonly istio?: string;
  readonly kiali?: string;
  /** Other places that belong to the finding: the rule that covers this one. */
  readonly related?: readonly { readonly message: string; readonly place: Origin | Position }[];
  /** A request that shows it. */
  readonly witness?: GatewayRequest;
  /** Text edits that mend it, where there is exactly one safe way. */
  readonly fix?: Fix;
}

/** Edits of the YAML tree: set a value, remove a key, or give a key another name. */
export interface Fix {
  readonly description: string;
  readonly edits: readonly (
    | { readonly op: 'set'; readonly origin: Origin; readonly value: unknown }
    | { readonly op: 'remove'; readonly origin: Origin }
    | { readonly op: 'rename'; readonly origin: Origin; readonly to: string }
  )[];
}

export const isPosition = (place: Origin | Position): place is Position => 'line' in place;
