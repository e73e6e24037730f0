// Which parser reads HTTP/1: llhttp, Node's own, as the WebAssembly build that undici ships (docs/decisions: "HTTP/1 in serve").
// This file loads it once and hands its callbacks to the parser object that is executing. No lenient flag is ever set.

import { createRequire } from 'node:module';

/** What llhttp calls while it executes; offsets are relative to the start of the chunk. A number other than 0 stops it. */
export interface LlhttpCallbacks {
  onMessageBegin(): number;
  onUrl(start: number, length: number): number;
  onStatus(start: number, length: number): number;
  onHeaderField(start: number, length: number): number;
  onHeaderValue(start: number, length: number): number;
  onHeadersComplete(status: number, upgrade: boolean, keepAlive: boolean): number;
  onBody(start: number, length: number): number;
  onMessageComplete(): number;
}

/** The exports of the build (llhttp 9, `llhttp.h`); pointers are numbers. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_reset(parser: number): void;
  malloc(size: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_should_keep_alive(parser: number): number;
  llhttp_message_needs_eof(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

/** `llhttp_type_t`. */
export const MESSAGE_TYPE = { request: 1, response: 2 } as const;

/** Bytes that one call of `llhttp_execute` may get: as much as libuv reads at once. */
export const INPUT_BYTES = 65_536;

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const require = createRequire(import.meta.url);
const constants = require('undici/lib/llhttp/constants.js') as {
  readonly METHODS: Readonly<Record<string, number>>;
  readonly ERROR: Readonly<Record<string, number>>;
};

/** Name of a method by its number in llhttp. */
export const METHOD_NAMES: readonly string[] = Object.entries(constants.METHODS).reduce<string[]>(
  (names, [name, n]) => {
    names[n] = name;
    return names;
  },
  [],
);

/** Name of an error (`INVALID_CHUNK_SIZE`) by its number. */
export const ERROR_NAMES: readonly string[] = Object.entries(constants.ERROR).reduce<string[]>((names, [name, n]) => {
  names[n] = name;
  return names;
}, []);

export const PAUSED = 21;
export const PAUSED_UPGRADE = 22;
export const STOPPED_BY_CALLBACK = 24;

let current: LlhttpCallbacks | undefined;

function load(): Exports {
  const callbacks = () => current as LlhttpCallbacks;
  const bytes = require('undici/lib/llhttp/llhttp_simd-wasm.js') as Uint8Array;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: {
      wasm_on_message_begin: () => callbacks().onMessageBegin(),
      wasm_on_url: (_p: number, at: number, length: number) => callbacks().onUrl(at - inputAt, length),
      wasm_on_status: (_p: number, at: number, length: number) => callbacks().onStatus(at - inputAt, length),
      wasm_on_header_field: (_p: number, at: number, length: number) => callbacks().onHeaderField(at - inputAt, length),
      wasm_on_header_value: (_p: number, at: number, length: number) => callbacks().onHeaderValue(at - inputAt, length),
      wasm_on_headers_complete: (_p: number, status: number, upgrade: number, keepAlive: number) =>
        callbacks().onHeadersComplete(status, upgrade === 1, keepAlive === 1),
      wasm_on_body: (_p: number, at: number, length: number) => callbacks().onBody(at - inputAt, length),
      wasm_on_message_complete: () => callbacks().onMessageComplete(),
    },
  });
  return instance.exports as Exports;
}

export const llhttp: Exports = load();
const inputAt = llhttp.malloc(INPUT_BYTES);
let input = new Uint8Array(llhttp.memory.buffer, inputAt, INPUT_BYTES);

/**
 * Runs the parser over at most {@link INPUT_BYTES} bytes and returns llhttp's error number (0: all was read).
 * The input lies in one shared place, so a callback must not start another parser: that is a bug, and throws.
 */
export function execute(parser: number, chunk: Uint8Array, callbacks: LlhttpCallbacks): number {
  if (current !== undefined) throw new Error('llhttp is executing already');
  if (input.byteLength === 0) input = new Uint8Array(llhttp.memory.buffer, inputAt, INPUT_BYTES);
  input.set(chunk);
  current = callbacks;
  try {
    return llhttp.llhttp_execute(parser, inputAt, chunk.length);
  } finally {
    current = undefined;
  }
}

/** The peer has closed its side: completes a message that ends with the connection, else an error number. */
export function finish(parser: number, callbacks: LlhttpCallbacks): number {
  if (current !== undefined) throw new Error('llhttp is executing already');
  current = callbacks;
  try {
    return llhttp.llhttp_finish(parser);
  } finally {
    current = undefined;
  }
}

/** Where in the chunk the parser stopped. */
export const stoppedAt = (parser: number): number => llhttp.llhttp_get_error_pos(parser) - inputAt;

/** llhttp's words for the last error: `Transfer-Encoding can't be present with Content-Length`. */
export function errorReason(parser: number): string {
  const at = llhttp.llhttp_get_error_reason(parser);
  if (at === 0) return '';
  const bytes = new Uint8Array(llhttp.memory.buffer, at, 256);
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end === -1 ? 256 : end)).toString('latin1');
}
