// The flags of serve, and those that map one thing to another, read or refused with what was wanted.

import { CannotRunError } from '../../diagnostics/index.js';
import type { InputFlags } from '../command.js';

export interface ServeFlags extends InputFlags {
  readonly gateway?: string;
  readonly listen?: readonly string[];
  readonly upstream?: readonly string[];
  readonly host?: string;
  readonly admin?: number;
  readonly accessLog?: 'text' | 'json' | 'off';
  readonly record?: string;
  readonly recordCredentials?: boolean;
  readonly seed?: number;
  readonly watch?: boolean;
  readonly verifyUpstreams?: boolean;
  readonly caDir?: string;
  readonly caOut?: string;
  readonly tui?: boolean;
  readonly workers?: number;
  readonly engine: 'meshgw' | 'envoy';
  readonly envoy?: string;
  readonly output: 'text' | 'json';
}

/** `80=8080`. */
export function portMap(flags: readonly string[]): Map<number, number> {
  const map = new Map<number, number>();
  for (const flag of flags) {
    const found = /^(\d{1,5})=(\d{1,5})$/.exec(flag);
    const [from, to] = [Number(found?.[1]), Number(found?.[2])];
    if (!found || from < 1 || from > 65535 || to > 65535)
      throw new CannotRunError(
        `--listen ${flag} is not N=M`,
        'name the port of the gateway and the local one, e.g. --listen 80=8080',
      );
    map.set(from, to);
  }
  return map;
}

const SCHEMES = ['auto:', 'http:', 'https:', 'h2c:', 'h2:', 'grpc:', 'grpcs:', 'tcp:'];

/** `httpbin.default=http://127.0.0.1:5000`, `httpbin.default:8000/v1=…`; the same name again is another endpoint. */
export function upstreamMap(flags: readonly string[]): Map<string, URL[]> {
  const map = new Map<string, URL[]>();
  for (const flag of flags) {
    const at = flag.indexOf('=');
    const text = flag.slice(at + 1);
    const url = at > 0 && URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !SCHEMES.includes(url.protocol) || url.hostname === '')
      throw new CannotRunError(
        `--upstream ${flag} is not NAME=URL`,
        'e.g. --upstream httpbin.default=http://127.0.0.1:5000, --upstream reviews.default/v2=http://127.0.0.1:5002; auto, http, https, h2c, h2 or tcp',
      );
    const name = flag.slice(0, at);
    map.set(name, [...(map.get(name) ?? []), url]);
  }
  return map;
}
