// The parser of HTTP/1 gives the same object for a head that is the same as the one before it, and only for that.

import { describe, expect, test } from 'vitest';
import { type MessageHead, MessageParser } from '../src/serve/http1/parser.js';

/** The heads of messages, whole or in pieces, that come one after the other on one connection. */
function heads(side: 'request' | 'response', messages: readonly (string | string[])[]): MessageHead[] {
  const seen: MessageHead[] = [];
  const parser = new MessageParser(
    side,
    {
      onHead(head) {
        seen.push(head);
        return side === 'response' ? 'no-body' : 'body';
      },
      onBody: () => undefined,
      onComplete: () => undefined,
    },
    { headBytes: 20_000, headerCount: 50 },
    { pauseBetweenMessages: true },
  );
  for (const message of messages) {
    for (const part of [message].flat()) parser.read(Buffer.from(part, 'latin1'));
    parser.resume();
  }
  parser.free();
  return seen;
}

describe('a head that was read before', () => {
  test('is the same object', () => {
    const GET = 'GET /a HTTP/1.1\r\nHost: a\r\nX-A:  1 \r\n\r\n';
    const [first, second, inPieces] = heads('request', [GET, GET, [...GET]]);
    expect(inPieces).toEqual(first);
    expect(first).toMatchObject({ method: 'GET', text: '/a', headers: ['host', 'a', 'x-a', '1'] });
    expect(second).toBe(first);
  });

  test('differs by anything that it says', () => {
    const requests = [
      'GET /a HTTP/1.1\r\nHost: a\r\n\r\n',
      'PUT /a HTTP/1.1\r\nHost: a\r\n\r\n',
      'PUT /a HTTP/1.1\r\nHost: b\r\n\r\n',
      'PUT /ab HTTP/1.1\r\nHost: b\r\n\r\n',
      'PUT /ab HTTP/1.0\r\nHost: b\r\n\r\n',
    ];
    const seen = heads('request', requests);
    expect(seen.map(({ method, text, headers, version }) => [method, text, headers[1], version])).toEqual([
      ['GET', '/a', 'a', 11],
      ['PUT', '/a', 'a', 11],
      ['PUT', '/a', 'b', 11],
      ['PUT', '/ab', 'b', 11],
      ['PUT', '/ab', 'b', 10],
    ]);
  });

  test('is told from one with the same text in other places', () => {
    const answers = ['HTTP/1.1 200 A: b\r\n\r\n', 'HTTP/1.1 200\r\nA: b\r\n\r\n', 'HTTP/1.1 204\r\nA: b\r\n\r\n'];
    expect(heads('response', answers).map(({ status, text, headers }) => [status, text, headers])).toEqual([
      [200, 'A: b', []],
      [200, '', ['a', 'b']],
      [204, '', ['a', 'b']],
    ]);
  });
});
