// What a table of a message's fields says, and the words that several tables share. Names as protobuf has them (envoy/config and
// envoy/extensions, v3). A field that no table has is not read.

import type { Part } from '../../../model/index.js';
import type { Feed } from '../../accounts.js';
import type { Node } from '../read/node.js';

export type FieldOf =
  /** What a value becomes. Of a message only its reason holds for what is below: its fields need a table. */
  | Feed
  /** The message that stands there; `Any`: the one that its type says. */
  | string
  | { readonly message: Message }
  | { readonly mapOf: FieldOf }
  /** Not read, and no answer depends on it. */
  | { readonly unread: 'delivery' }
  /** Where it depends on the value, or on what stands beside it. */
  | ((node: Node) => FieldOf | undefined);

export type Message = Readonly<Record<string, FieldOf>>;

type Parts = readonly Part[];

export const NAME = { without: 'a name without an effect on requests' };
export const BYTES = { without: 'how bytes travel; no answer of one request depends on it' };
export const TELEMETRY = { without: 'statistics, traces and logs' };
export const DELIVERED = { without: 'where the configuration comes from' };
const IS_DEFAULT = { without: 'is the default value' };
export const DEFAULT = { otherwise: 'says nothing that Envoy does not do without it' };
export const SWITCHED = { otherwise: 'the filter does nothing where it is switched off' };
export const UNREAD_DELIVERY = { unread: 'delivery' } as const;
export const OWN_FILES = { without: 'has an item of its own: tls.certificate-files' };
export const INTAKE = {
  without: 'holds for the gateway as a whole: what is lost is in the items about paths and names of headers',
};

/** `values`: what holds without the field; enumerations stand by number, too. */
export const usual = (parts: Parts, ...values: readonly (string | number | boolean)[]): Feed => ({
  parts,
  usual: (value) => values.some((one) => one === value),
});

/** Read by nobody: nothing has to be, where it has the value that holds without it. */
export const onlyUsual =
  (...values: readonly (string | number | boolean)[]) =>
  ({ value }: Node): FieldOf | undefined =>
    values.some((one) => one === value) ? IS_DEFAULT : undefined;

/** A switch that is off without the field. */
export const off = (parts: Parts): Feed => usual(parts, false);

/** A time limit: `without` where it is none. */
export const limitOfTime =
  (field: FieldOf) =>
  ({ value }: Node): FieldOf =>
    typeof value === 'string' && /^0(?:\.0+)?s$/.test(value) ? { without: 'no limit of time' } : field;
