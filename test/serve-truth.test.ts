// What simulate decides is what a client of serve gets: the recorded requests of every dialect, over real sockets.
// A sample by default (every file stays quick); MESHGW_FULL=1 sends all of them.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SimulationResult } from '../src/model/index.js';
import { checkResult } from '../src/requests/check.js';
import { certificateFor } from './serve/certificate.js';
import { type Sent, sendCase } from './serve/truth-over-sockets.js';

const root = 'fixtures/truth';
const folders = (at: string): string[] =>
  readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => (existsSync(join(at, name, 'exchanges.json')) ? [join(at, name)] : folders(join(at, name))));
const cases = folders(root).sort();
const groups = [
  ...new Set(
    cases.map((path) =>
      path
        .slice(root.length + 1)
        .split('/')
        .slice(0, -1)
        .join('/'),
    ),
  ),
];
/** Of the exchanges of a case, one in so many. */
const EVERY = process.env.MESHGW_FULL ? 1 : 12;

let secret: { cert: string; key: string };
beforeAll(async () => {
  secret = await certificateFor('gateway.test');
});

const outcomeOf = (r: SimulationResult) =>
  r.connection ??
  (r.destination ? `${r.destination.host}:${r.destination.port}/${r.destination.subset ?? ''}` : `status ${r.status}`);

/** Where several outcomes are possible, one of them was drawn. */
function differences({ request, want, got }: Sent): string[] {
  const possible = (want.split ?? []).filter((o) => o.weight > 0);
  if (possible.length > 1) {
    const names = possible.map((o) => ('host' in o ? `${o.host}:${o.port}/${o.subset ?? ''}` : `status ${o.status}`));
    return [...names, outcomeOf(want)].includes(outcomeOf(got))
      ? []
      : [`split: got ${outcomeOf(got)} of ${names.join()}`];
  }
  return (
    checkResult(request, want, got, { strict: true })
      .filter(
        (d) =>
          d.field !== 'flags' &&
          // Kong names the protocol of its 426 in Upgrade, a header of the hop: serve sends none of these.
          d.field !== 'headers.upgrade' &&
          d.field !== 'delayMs' &&
          d.field !== 'route' &&
          d.field !== 'mirrors' &&
          d.field !== 'defaultBackend',
      )
      // The answer to HEAD has no body in which the echo could tell.
      // A header of the hop, which the echo does not tell: test/serve-upgrade-rules.test.ts.
      .filter((d) => !(d.field === 'upstream.removed' && d.want === '[upgrade]'))
      .filter((d) => !(request.method === 'HEAD' && /^(?:body|upstream)/.test(d.field)))
      .map((d) => `${d.field}: simulate ${d.want}, serve ${d.got}`)
  );
}

async function compare(
  paths: readonly string[],
  options: { readonly http2?: boolean; readonly every: number; readonly most?: number },
) {
  const differing: string[] = [];
  let count = 0;
  for (const [n, path] of paths.entries()) {
    if (options.most !== undefined && count >= options.most) break;
    const sent = await sendCase(path, {
      secret,
      ...(options.http2 ? { http2: true } : {}),
      take: (index) => index % options.every === n % options.every,
    });
    for (const one of sent) {
      count++;
      const found = differences(one);
      if (found.length > 0)
        differing.push(`${path}#${one.index}\n  ${found.join('\n  ')}\n  ${JSON.stringify(one.request)}`);
    }
  }
  return { count, differing };
}

describe('serve says what simulate says', () => {
  for (const group of groups) {
    test(`${group} over HTTP/1.1`, { timeout: 600_000 }, async () => {
      const { count, differing } = await compare(
        cases.filter((path) => path.startsWith(`${join(root, group)}/`)),
        { every: EVERY },
      );
      expect(
        differing.slice(0, Number(process.env.TRUTH_SHOW ?? 8)).join('\n'),
        `${differing.length} of ${count} differ`,
      ).toBe('');
      expect(count).toBeGreaterThan(0);
    });
  }

  test('a sample of 500 over HTTP/2', { timeout: 120_000 }, async () => {
    const { count, differing } = await compare(
      cases.filter((path) => !path.includes('/l4/')),
      { http2: true, every: 30, most: 500 },
    );
    expect(
      differing.slice(0, Number(process.env.TRUTH_SHOW ?? 8)).join('\n'),
      `${differing.length} of ${count} differ`,
    ).toBe('');
    expect(count).toBeGreaterThanOrEqual(500);
  });
});
