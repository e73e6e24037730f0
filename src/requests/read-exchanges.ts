// Our own files: an array of requests, or of exchanges `{name?, request, response}`.

import type { ExpectedResult, RequestCase } from './expectation.js';
import { badField, below, type Cursor, fieldsOf, isFields } from './fields.js';
import { readRequest } from './read-request.js';

const FIELDS = [
  'connection',
  'l4',
  'status',
  'destination',
  'split',
  'upstream',
  'headers',
  'body',
  'mirrors',
  'flags',
  'route',
  'delayMs',
  'defaultBackend',
  'matched',
  'trace',
  'reason',
  'conditions',
];

export const readRequests = (items: readonly unknown[], at: Cursor): RequestCase[] =>
  items.map((item, i) => ({ request: readRequest(item, below(at, i)) }));

export const readExchanges = (items: readonly unknown[], at: Cursor): RequestCase[] =>
  items.map((item, i) => {
    const place = below(at, i);
    const exchange = fieldsOf(item, place, 'an exchange');
    if (exchange.request === undefined)
      throw badField(place, 'the exchange has no request', 'an exchange is {name?, request, response}');
    const { name, response } = exchange;
    return {
      ...(typeof name === 'string' ? { name } : {}),
      request: readRequest(exchange.request, below(place, 'request')),
      ...(response === undefined ? {} : { expected: readExpected(response, below(place, 'response')) }),
    };
  });

/** Checks names and outer types; what is inside is compared as it is. */
export function readExpected(value: unknown, at: Cursor): ExpectedResult {
  const response = fieldsOf(value, at, 'a response');
  for (const [key, v] of Object.entries(response)) {
    const place = below(at, key);
    if (!FIELDS.includes(key))
      throw badField(place, `a response has no field ${key}`, `its fields are ${FIELDS.join(', ')}`);
    if (key === 'status' && typeof v !== 'number') throw badField(place, `status has to be a number, not ${String(v)}`);
    if ((key === 'upstream' || key === 'headers' || key === 'matched') && !isFields(v))
      throw badField(place, `${key} has to be a mapping of fields`);
    if (key === 'destination' && v !== null && !isFields(v))
      throw badField(place, 'destination has to be {host, port, subset?} or null');
    if ((key === 'split' || key === 'mirrors') && !(Array.isArray(v) && v.every(isFields)))
      throw badField(place, `${key} has to be a list of mappings`);
  }
  return response as ExpectedResult;
}
