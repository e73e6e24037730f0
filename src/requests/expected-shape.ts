// The types of what an exchange file expects of an answer, down to the last field: what passes here can be compared.

import { own, table } from '../model/index.js';
import { badField, below, type Cursor, fieldsOf, isFields, listOf } from './fields.js';

/** Throws where `value` is of another type. `what`: how the field is called in the message. */
type Shape = (value: unknown, at: Cursor, what: string) => void;

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** A value as it may stand in a message: never more than a line of it. */
export const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

const ofType =
  (type: 'number' | 'boolean'): Shape =>
  (value, at, what) => {
    if (typeof value !== type) throw badField(at, `${what} must be a ${type}, not ${shown(value)}`);
  };
const scalar: Shape = (value, at, what) => {
  if (!isScalar(value)) throw badField(at, `${what} must be text, not ${shown(value)}`);
};
const fields =
  (shapes: ReadonlyMap<string, Shape>): Shape =>
  (value, at, what) => {
    for (const [key, v] of Object.entries(fieldsOf(value, at, what)))
      if (v !== undefined) shapes.get(key)?.(v, below(at, key), `${what}.${key}`);
  };
const list =
  (item: Shape): Shape =>
  (value, at, what) =>
    listOf(value, at, what).forEach((v, i) => {
      item(v, below(at, i), `${what}[${i}]`);
    });
const headers: Shape = (value, at, what) => {
  for (const [name, v] of Object.entries(fieldsOf(value, at, what)))
    (Array.isArray(v) ? list(scalar) : scalar)(v, below(at, name), `${what}.${name}`);
};

const PLACE = table<Shape>({ host: scalar, port: ofType('number'), subset: scalar, status: ofType('number') });
const destination: Shape = (value, at, what) => {
  if (value === null) return;
  if (!isFields(value)) throw badField(at, `${what} must be {host, port, subset?} or null`);
  fields(PLACE)(value, at, what);
};
const outcome = fields(new Map([...PLACE, ['weight', ofType('number')], ['share', ofType('number')]]));
const mirror = fields(table<Shape>({ destination, method: scalar, path: scalar, host: scalar }));
const anything: Shape = () => undefined;

const SHAPES = table<Shape>({
  connection: scalar,
  l4: scalar,
  status: ofType('number'),
  destination,
  split: list(outcome),
  upstream: fields(
    table<Shape>({ method: scalar, path: scalar, host: scalar, proto: scalar, set: headers, removed: list(scalar) }),
  ),
  headers,
  body: scalar,
  mirrors: list(mirror),
  flags: scalar,
  route: scalar,
  delayMs: ofType('number'),
  defaultBackend: ofType('boolean'),
  matched: headers,
  trace: anything,
  reason: anything,
  conditions: anything,
  unknown: anything,
});

/** @throws CannotRunError for a field that a response does not have, or of the wrong type. */
export function checkExpected(response: { readonly [key: string]: unknown }, at: Cursor): void {
  for (const key of Object.keys(response)) {
    const shape = SHAPES.get(key);
    if (!shape)
      throw badField(
        below(at, key),
        `unknown field ${key} of a response`,
        `its fields are ${[...SHAPES.keys()].join(', ')}`,
      );
    shape(own(response, key), below(at, key), key);
  }
}
