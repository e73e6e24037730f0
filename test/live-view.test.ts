// The live view of serve: keys in, rows out; the columns at two widths; the whole thing in a real terminal.

import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowLine, titleLine } from '../src/report/ink/live-columns.js';
import { INITIAL, type LiveState, type NumberedRow, pressLive, rowsOf } from '../src/report/ink/live-state.js';
import { ensureBuilt } from './build.js';

const row = (number: number, path: string, status = 200): NumberedRow => ({
  ...{ number, path, status, time: '12:00:00', method: 'GET', host: 'shop.example.com', flags: '' },
  ...{ route: 'VirtualService shop/shop', destination: 'cart.shop:80', ms: 1.25 },
});
const rows = [row(0, '/a'), row(1, '/b', 404), row(2, '/cart/1')];
const keys = (list: readonly (string | object)[], coming = rows): LiveState | undefined =>
  list.reduce<LiveState | undefined>(
    (state, key) =>
      state && (typeof key === 'string' ? pressLive(state, key, {}, coming) : pressLive(state, '', key, coming)),
    INITIAL,
  );
const numbers = (state: LiveState | undefined, coming = rows) => rowsOf(state!, coming).map((r) => r.number);

describe('keys', () => {
  test('space stops and goes on', () => {
    expect(numbers(keys([' ']), [...rows, row(3, '/late')])).toEqual([0, 1, 2]);
    expect(numbers(keys([' ', ' ']), [...rows, row(3, '/late')])).toEqual([0, 1, 2, 3]);
  });
  test('a filter is what stands in a row, also when its keys arrive in one piece', () => {
    expect(numbers(keys(['/', 'c', 'A', 'r', 't', '/', { return: true }]))).toEqual([2]);
    expect(numbers(keys(['/404\r']))).toEqual([1]);
    expect(numbers(keys(['/404', { escape: true }]))).toEqual([0, 1, 2]);
    expect(keys(['/q'])).toMatchObject({ filter: 'q', typing: true });
  });
  test('a row is chosen from the last one upwards, and stays while others come', () => {
    expect(keys([{ upArrow: true }])).toMatchObject({ chosen: 2, stopped: rows });
    expect(keys([{ upArrow: true }, { upArrow: true }])).toMatchObject({ chosen: 1 });
    expect(keys([{ upArrow: true }, { pageUp: true }, { upArrow: true }])).toMatchObject({ chosen: 0 });
    expect(keys([{ return: true }])).toMatchObject({ chosen: 2, showDetails: true });
    expect(keys([{ upArrow: true }, { return: true }], [])).toEqual(INITIAL);
  });
  test('Escape goes back step by step, then out; q leaves', () => {
    const steps = [{ upArrow: true }, { return: true }, { escape: true }] as const;
    expect(keys(steps)).toMatchObject({ chosen: 2, showDetails: false });
    expect(keys([...steps, { escape: true }])).toEqual(INITIAL);
    expect([keys([...steps, { escape: true }, { escape: true }]), keys(['q'])]).toEqual([undefined, undefined]);
  });
});

test('columns at 80 and at 200', () => {
  const long = { ...row(0, '/api/v1/customers/4711/orders?page=2'), flags: 'UF', status: 503 };
  expect([titleLine(80), rowLine(long, 80)]).toEqual(
    [
      'time     status  ms     method path                       route                 ',
      '12:00:00 503 UF     1.3 GET    /api/v1/customers/4711/or… VirtualService shop/s…',
    ].map((l) => expect.stringContaining(l.slice(0, 50))),
  );
  expect(rowLine(long, 80).length).toBeLessThanOrEqual(78);
  expect(rowLine(long, 80)).toMatch(/^12:00:00 503 UF\s+1\.3 GET\s+\/api\/v1\/customers\/4711.*shop\/shop/);
  expect(rowLine(long, 200)).toContain('shop.example.com/api/v1/customers/4711/orders?page=2');
  expect(rowLine(long, 200)).toContain('cart.shop:80');
});

const SESSION = `meshgw-live-${process.pid}`;
const tmux = (...args: string[]) => execFileSync('tmux', ['-L', SESSION, ...args], { encoding: 'utf8' });
async function shows(text: string | RegExp): Promise<string> {
  for (let i = 0; i < 300; i++) {
    const now = tmux('capture-pane', '-t', SESSION, '-p');
    if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the screen never showed ${text}:\n${tmux('capture-pane', '-t', SESSION, '-p')}`);
}

if (spawnSync('tmux', ['-V']).status !== 0)
  test('NOT RUN, there is no tmux here: the live view in a real terminal', () => expect(SESSION).not.toBe(''));
else
  describe('in a real terminal of 80 × 24', () => {
    beforeAll(ensureBuilt, 240_000);
    afterAll(() => void spawnSync('tmux', ['-L', SESSION, 'kill-server']));

    test('shows method, path, status, route and time; details of one', { timeout: 120_000 }, async () => {
      tmux('new-session', '-d', '-s', SESSION, '-x', '80', '-y', '24', 'env -u CI NO_COLOR=1 PS1=prompt- sh');
      tmux(
        'send-keys',
        '-t',
        SESSION,
        'node bin/meshgw.js serve -f fixtures/article/gateway.yaml --listen 80=0 --tui',
        'Enter',
      );
      const screen = await shows(/80 on :\d+/);
      const port = /80 on :(\d+)/.exec(screen)![1]!;
      await fetch(`http://127.0.0.1:${port}/nothing`).then((answer) => answer.text());
      const line = await shows(/\d\d:\d\d:\d\d 404/);
      expect(line).toMatch(/GET +\/nothing/);
      expect(line).toContain('q quit');
      expect(line.split('\n').every((l) => l.length <= 80)).toBe(true);
      tmux('send-keys', '-t', SESSION, 'Up');
      await shows('▸ ');
      tmux('send-keys', '-t', SESSION, 'Enter');
      const details = await shows('client');
      expect(details).toContain(`request      GET 127.0.0.1:${port}/nothing`);
      tmux('send-keys', '-t', SESSION, 'q');
      await shows(/prompt-\s*$/);
    });
  });
