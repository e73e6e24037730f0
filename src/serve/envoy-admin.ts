// Envoy's own admin interface, on a socket that only this user can open: asked for what serve needs, and passed on read-only.

import { request } from 'node:http';
import { type AdminRequest, TEXT } from './admin-server.js';

/** The text of a page; undefined: no answer. */
export const askEnvoy = (admin: string, path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const asked = request({ socketPath: admin, path, headers: { host: 'localhost' }, timeout: 2_000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve(text));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });

/** A GET of a user, answered by Envoy. */
export function passToEnvoy(admin: string, { target, response, send }: AdminRequest): void {
  const path = target.startsWith('/') ? target : '/';
  const asked = request({ socketPath: admin, path, headers: { host: 'localhost' } }, (answer) => {
    const type = answer.headers['content-type'];
    response.writeHead(answer.statusCode ?? 502, type === undefined ? {} : { 'content-type': type });
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  asked.on('error', () => {
    if (response.headersSent) response.destroy();
    else send(502, TEXT, 'Envoy does not answer\n');
  });
  response.on('close', () => asked.destroy());
  asked.end();
}

/** How often Envoy has taken and refused listeners and clusters. */
export interface Updates {
  readonly taken: readonly number[];
  readonly refused: readonly number[];
}

const SOURCES = ['listener_manager.lds', 'cluster_manager.cds'];
const UPDATE_MS = 5_000;

export async function updatesOf(admin: string): Promise<Updates | undefined> {
  const text = await askEnvoy(admin, '/stats?filter=ds.update_');
  if (text === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    taken: SOURCES.map((source) => count(`${source}.update_success`)),
    refused: SOURCES.map((source) => count(`${source}.update_rejected`)),
  };
}

/** Waits until Envoy has looked at both files. True: it refused one of them. */
export async function refusalAfter(before: Updates, admin: string): Promise<boolean> {
  const until = performance.now() + UPDATE_MS;
  while (performance.now() < until) {
    const now = await updatesOf(admin);
    if (now?.refused.some((n, i) => n > (before.refused[i] ?? 0))) return true;
    if (now?.taken.every((n, i) => n > (before.taken[i] ?? 0))) return false;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}
