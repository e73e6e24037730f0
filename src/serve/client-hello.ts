// Which server name and protocols a TLS client asks for: read from its ClientHello before anybody answers, so that a
// connection can be passed through untouched (RFC 8446 4.1.2, RFC 6066 3, RFC 7301 3.1).

import { append } from '../model/index.js';

export interface ClientHello {
  /** Lower case; null: none was sent. */
  readonly sni: string | null;
  readonly alpn: readonly string[];
}

/** A ClientHello longer than this is nobody's. Bytes. */
export const HELLO_LIMIT = 65_536;

/** `more`: not all of it has come. `bad`: this is not a ClientHello. */
export function readClientHello(bytes: Buffer): ClientHello | 'more' | 'bad' {
  const message = handshake(bytes);
  if (typeof message === 'string') return message;
  try {
    return parseHello(message);
  } catch (error) {
    if (error instanceof RangeError) return 'bad';
    throw error;
  }
}

/** Joins the records of the first handshake message (it may be cut into several). */
function handshake(bytes: Buffer): Buffer | 'more' | 'bad' {
  const parts: Buffer[] = [];
  let have = 0;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 22 || (at + 1 < bytes.length && bytes[at + 1] !== 3)) return 'bad';
    if (at + 5 > bytes.length) return 'more';
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > 16_640) return 'bad';
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    have += part.length;
    if (have >= 4) {
      const hello = helloIn(parts.length === 1 ? part : Buffer.concat(parts));
      if (hello !== 'more') return hello;
    }
    if (part.length < length) return 'more';
    at += 5 + length;
  }
  return 'more';
}

/** The body of a handshake message (type, length, body); at least 4 bytes are there. */
function helloIn(message: Buffer): Buffer | 'more' | 'bad' {
  const size = message.readUIntBE(1, 3);
  if (message[0] !== 1 || size > HELLO_LIMIT) return 'bad';
  return message.length >= 4 + size ? message.subarray(4, 4 + size) : 'more';
}

/** Throws RangeError where a length points outside. */
function parseHello(hello: Buffer): ClientHello {
  let at = 34;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  let sni: string | null = null;
  const alpn: string[] = [];
  if (at === hello.length) return { sni, alpn };
  const end = at + 2 + hello.readUInt16BE(at);
  if (end > hello.length) throw new RangeError('extensions');
  at += 2;
  while (at < end) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    const data = hello.subarray(at + 4, at + 4 + length);
    if (data.length !== length) throw new RangeError('extension');
    if (type === SERVER_NAME) sni = hostName(data) ?? sni;
    if (type === ALPN) append(alpn, protocolNames(data));
    at += 4 + length;
  }
  return { sni, alpn };
}

/** Numbers of extensions (RFC 6066 3, RFC 7301 3.1). */
const SERVER_NAME = 0;
const ALPN = 16;

/** The first name of the list, where it is one of a host. */
function hostName(data: Buffer): string | undefined {
  if (data.length < 5 || data.readUInt8(2) !== 0) return undefined;
  return slice(data, 5, data.readUInt16BE(3)).toString('latin1').toLowerCase();
}

function protocolNames(data: Buffer): string[] {
  const names: string[] = [];
  for (let i = 2; i < data.length; ) {
    const size = data.readUInt8(i);
    names.push(slice(data, i + 1, size).toString('latin1'));
    i += 1 + size;
  }
  return names;
}

function slice(data: Buffer, at: number, length: number): Buffer {
  const part = data.subarray(at, at + length);
  if (part.length !== length) throw new RangeError('string');
  return part;
}
