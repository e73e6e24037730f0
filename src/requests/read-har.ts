// HTTP archives (HAR 1.2, w3c.github.io/web-performance/specs/HAR/Overview.html): the requests of a browser or a proxy.
// Their responses came from applications, so nothing is expected of the gateway.

import { own, put } from '../model/index.js';
import type { RequestCase } from './expectation.js';
import { below, type Cursor, fieldsOf, isFields, listOf, textOf } from './fields.js';
import { requestFromUrl } from './from-url.js';

/** Hop-by-hop and pseudo headers that a client adds on its own. */
const LEFT_OUT = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'keep-alive', 'te']);

export function readHar(log: Record<string, unknown>, at: Cursor, notes: string[]): RequestCase[] {
  const entries = listOf(log.entries, below(at, 'log', 'entries'), 'log.entries');
  return entries.flatMap((entry, i) => {
    const place = below(at, 'log', 'entries', i, 'request');
    const request = fieldsOf(fieldsOf(entry, place, 'an entry').request, place, 'request');
    const url = textOf(request.url, below(place, 'url'), 'url');
    if (!/^https?:/i.test(url)) {
      notes.push(`entry ${i + 1}: ${url.slice(0, 40)} is not an HTTP request`);
      return [];
    }
    const { host, headers } = headersOf(request.headers, place);
    const base = requestFromUrl(url, { method: textOf(request.method ?? 'GET', below(place, 'method'), 'method') });
    const body =
      isFields(request.postData) && typeof request.postData.text === 'string' ? request.postData.text : undefined;
    return [
      {
        name: `entry ${i + 1}`,
        request: {
          ...base,
          ...(host === undefined ? {} : { host }),
          ...(Object.keys(headers).length > 0 ? { headers } : {}),
          ...(body === undefined ? {} : { body }),
        },
      },
    ];
  });
}

function headersOf(listed: unknown, request: Cursor): { host: string | undefined; headers: Record<string, string[]> } {
  const headers: Record<string, string[]> = {};
  let host: string | undefined;
  for (const [n, item] of (Array.isArray(listed) ? listed : []).entries()) {
    if (!isFields(item) || typeof item.name !== 'string') continue;
    const name = item.name.toLowerCase();
    const value = textOf(item.value ?? '', below(request, 'headers', n, 'value'), `header ${name}`);
    if (name === 'host' || name === ':authority') host = value;
    else if (!name.startsWith(':') && !LEFT_OUT.has(name)) put(headers, name, [...(own(headers, name) ?? []), value]);
  }
  return { host, headers };
}
