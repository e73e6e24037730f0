// Sends bytes as they are and reads answers as they come: what a client library would mend or refuse to send.

import net from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names; several lines joined with `, `. */
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Bytes that came back, as latin1; `closed`: the other side ended the connection within `waitMs`. */
export function exchangeBytes(
  port: number,
  send: string | readonly string[],
  options: {
    readonly waitMs?: number;
    readonly until?: (text: string) => boolean;
    readonly pauseMs?: number;
    readonly end?: boolean;
  } = {},
): Promise<{ readonly text: string; readonly closed: boolean; readonly error?: string }> {
  return new Promise((resolve) => {
    let text = '';
    let error: string | undefined;
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const done = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, ...(error === undefined ? {} : { error }) });
    };
    const timer = setTimeout(() => done(false), options.waitMs ?? 500);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (options.until?.(text)) done(false);
    });
    socket.on('error', (e: NodeJS.ErrnoException) => {
      error = e.code ?? e.message;
    });
    socket.on('end', () => done(true));
    socket.on('close', () => done(true));
    const parts = typeof send === 'string' ? [send] : send;
    const sendPart = (i: number) => {
      const part = parts[i];
      if (part === undefined) {
        if (options.end) socket.end();
        return;
      }
      if (!socket.writable) return;
      socket.write(Buffer.from(part, 'latin1'));
      setTimeout(() => sendPart(i + 1), options.pauseMs ?? 5);
    };
    socket.once('connect', () => sendPart(0));
  });
}

/** Reads one answer from the beginning of `text`; undefined: not whole. `rest` follows it. */
export function readAnswer(text: string, method = 'GET'): (RawAnswer & { readonly rest: string }) | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const status = Number(first.split(' ')[1]);
  const rest = text.slice(end + 4);
  if (status < 200) return readAnswer(rest, method);
  if (method === 'HEAD' || status === 204 || status === 304) return { status, headers, body: '', rest };
  if (headers['transfer-encoding'] !== undefined) return readChunks(status, headers, rest);
  const length = Number(headers['content-length'] ?? '0');
  if (rest.length < length) return undefined;
  return { status, headers, body: rest.slice(0, length), rest: rest.slice(length) };
}

function readChunks(status: number, headers: Record<string, string>, text: string) {
  let body = '';
  let at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    if (size === 0) {
      const end = text.indexOf('\r\n\r\n', line);
      return end === -1 ? undefined : { status, headers, body, rest: text.slice(end + 4) };
    }
    if (text.length < line + 2 + size + 2) return undefined;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

/** One request, one answer, on a connection of its own. */
export async function ask(port: number, request: string, waitMs = 15_000): Promise<RawAnswer> {
  const method = request.slice(0, request.indexOf(' '));
  const { text, error } = await exchangeBytes(port, request, {
    waitMs,
    until: (t) => readAnswer(t, method) !== undefined,
  });
  const answer = readAnswer(text, method);
  if (answer === undefined) throw new Error(`no answer: ${JSON.stringify(text)} ${error ?? ''}`);
  return answer;
}
