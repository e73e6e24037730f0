// Our own files: an array of requests, or of exchanges `{name?, request, response}`.

import type { ExpectedResult, RequestCase } from './expectation.js';
import { checkExpected } from './expected-shape.js';
import { badField, below, type Cursor, fieldsOf } from './fields.js';
import { readRequest } from './read-request.js';

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

function readExpected(value: unknown, at: Cursor): ExpectedResult {
  const response = fieldsOf(value, at, 'a response');
  checkExpected(response, at);
  return response as ExpectedResult;
}
