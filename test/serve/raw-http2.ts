// An HTTP/2 client that sends header blocks as they are: what Node's client would refuse to send. One stream for each connection.

import net from 'node:net';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const GOAWAY = 7;
const END_STREAM = 1;
const END_HEADERS = 4;

/** One frame. */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK: every header a literal with its name, not indexed, not compressed (RFC 7541 6.2.2). */
export function headerBlock(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(headers.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

export interface Http2Request {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Sent as DATA; absent: the header block ends the stream. */
  readonly body?: string;
  /** Sent behind the body. */
  readonly trailers?: readonly (readonly [name: string, value: string])[];
}

/** Sends one request. `200`: the status that came; `reset 1`, `goaway 1`: the error code; `cut`: the connection ended; `silent`: nothing within `waitMs`. */
export function askHttp2(port: number, request: Http2Request, waitMs = 1_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let bytes = Buffer.alloc(0);
    const done = (what: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(what);
    };
    const timer = setTimeout(() => done('silent'), waitMs);
    socket.on('error', () => done('cut'));
    socket.on('close', () => done('cut'));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
        const length = bytes.readUIntBE(0, 3);
        const type = bytes[3];
        const payload = bytes.subarray(9, 9 + length);
        bytes = bytes.subarray(9 + length);
        if (type === RST_STREAM) done(`reset ${payload.readUInt32BE(0)}`);
        else if (type === GOAWAY) done(`goaway ${payload.readUInt32BE(4)}`);
        else if (type === HEADERS) done(statusOf(payload));
      }
    });
    const { headers, body, trailers } = request;
    const last = body === undefined && trailers === undefined;
    socket.write(PREFACE);
    socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
    socket.write(frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), 1, headerBlock(headers)));
    if (body !== undefined) socket.write(frame(DATA, trailers === undefined ? END_STREAM : 0, 1, Buffer.from(body)));
    if (trailers !== undefined) socket.write(frame(HEADERS, END_HEADERS | END_STREAM, 1, headerBlock(trailers)));
  });
}

const STATIC_STATUS = [200, 204, 206, 304, 400, 404, 500];
const FIRST_STATUS = 8;

/** `:status` comes first: indexed, or a literal whose name is indexed, plain or as Huffman digits (RFC 7541 appendix B). */
function statusOf(block: Buffer): string {
  let at = 0;
  while (((block[at] ?? 0) & 0xe0) === 0x20) at++;
  const first = block[at] ?? 0;
  if (first & 0x80) return String(STATIC_STATUS[(first & 0x7f) - FIRST_STATUS] ?? 'status?');
  const length = block[at + 1] ?? 0;
  const value = block.subarray(at + 2, at + 2 + (length & 0x7f));
  if (!(length & 0x80)) return value.toString('latin1');
  const bits = [...value].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let digits = '';
  for (let i = 0; digits.length < 3; ) {
    const short = bits.startsWith('000', i);
    const size = short ? 5 : 6;
    digits += short ? Number.parseInt(bits.slice(i, i + 5), 2) : Number.parseInt(bits.slice(i, i + 6), 2) - 22;
    i += size;
  }
  return digits;
}
