// The explorer: its state as a function of keys, and the whole thing in a real terminal.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asCurl, initialState, type Key, leaves, press } from '../src/report/ink/explorer-state.js';
import { ensureBuilt } from './build.js';

const examples = [
  { label: 'VirtualService default/a spec.http[0]', method: 'GET', url: 'http://a.example.com/x', headers: '' },
  {
    label: 'VirtualService default/a spec.http[1]',
    method: 'POST',
    url: 'http://a.example.com/y?q=1',
    headers: 'x-user: jason',
  },
];
const type = (keys: readonly (string | Key)[]) =>
  keys.reduce(
    (s, k) =>
      typeof k === 'string' ? press(s, k, {}, examples) : press(s, (k as { input?: string }).input ?? '', k, examples),
    initialState('http://h/'),
  );
const ctrl = (input: string) => ({ ctrl: true, input });

describe('keys', () => {
  test('typing goes in at the cursor, backspace takes away before it', () => {
    expect(type(['a', 'b', { leftArrow: true }, 'c']).url).toBe('http://h/acb');
    expect(type(['a', 'b', { leftArrow: true }, { delete: true }]).url).toBe('http://h/b');
  });
  test('^U clears to the start, ^K to the end', () => {
    expect(type([ctrl('u')]).url).toBe('');
    expect(type([ctrl('a'), ctrl('k'), 'x']).url).toBe('x');
  });
  test('fields are a circle; methods are upper case', () => {
    expect(type([{ upArrow: true }]).field).toBe('method');
    expect(type([{ upArrow: true }, { upArrow: true }]).field).toBe('headers');
    expect(type([{ upArrow: true }, ctrl('u'), 'p', 'u', 't']).method).toBe('PUT');
  });
  test('^N and ^P step through the rules, round the end', () => {
    expect(type([ctrl('n')])).toMatchObject({ example: 0, url: 'http://a.example.com/x' });
    expect(type([ctrl('n'), ctrl('n')])).toMatchObject({ example: 1, method: 'POST', headers: 'x-user: jason' });
    expect(type([ctrl('n'), ctrl('n'), ctrl('n')]).example).toBe(0);
    expect(type([ctrl('p')]).example).toBe(1);
  });
  test('keys that arrive together count one by one', () => {
    expect(type(['http://b/c']).url).toBe('http://b/c');
    expect(type([{ leftArrow: true }, 'http://b/c']).url).toBe('http://hhttp://b/c/');
    expect(type(['?next=https://b/']).url).toBe('http://h/?next=https://b/');
    expect(type(['\x15http']).url).toBe('http');
    expect(type(['\x15http', '\x7f\x7f\x7f']).url).toBe('h');
    expect(type(['ab\x7f\b']).url).toBe('http://h/');
    expect(type(['\x01\x0bx\x05y']).url).toBe('xy');
  });
  test('other keys that arrive together: the next rule, the next gateway, out', () => {
    expect(type(['\x0e\x0e'])).toMatchObject({ example: 1, method: 'POST' });
    expect(type(['\x15ab\x10\x10'])).toMatchObject({ example: 0 });
    expect(type([ctrl('n'), '\x07\x07'])).toMatchObject({ gateway: 2, example: -1 });
    expect([leaves('http\x03', {}), leaves('', { escape: true }), leaves('c', { ctrl: true })]).toEqual([
      true,
      true,
      true,
    ]);
    expect([leaves('c', {}), leaves('\x15http', {})]).toEqual([false, false]);
  });
  test('a paste with control characters cannot do anything but insert text', () => {
    expect(type(['\x1b[31mx\n\ry']).url).toBe('http://h/[31mxy');
  });
  test('curl is quoted for a shell', () => {
    expect(asCurl({ method: 'GET', url: 'http://h/x', headers: '' })).toBe('curl -i http://h/x');
    expect(asCurl({ method: 'POST', url: "http://h/x?q='1'", headers: 'x-user: a b; x-y: 1' })).toBe(
      `curl -i -X POST -H 'x-user: a b' -H 'x-y: 1' 'http://h/x?q='\\''1'\\'''`,
    );
  });
});

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const SESSION = `meshgw-test-${process.pid}`;
const tmux = (...args: string[]) => execFileSync('tmux', ['-L', SESSION, ...args], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-t', SESSION, '-p');

/** Waits until the screen shows a text. */
async function shows(text: string | RegExp): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const now = screen();
    if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the screen never showed ${text}:\n${screen()}`);
}

if (!hasTmux)
  describe('no tmux on this machine', () => {
    test('NOT RUN: the explorer in a real terminal', () => expect(hasTmux).toBe(false));
  });

describe.runIf(hasTmux)('in a real terminal of 80 columns without colour', () => {
  beforeAll(ensureBuilt);
  afterAll(() => void spawnSync('tmux', ['-L', SESSION, 'kill-server']));

  test('shows a decision, follows the typing, and leaves the terminal as it was', async () => {
    tmux('new-session', '-d', '-s', SESSION, '-x', '80', '-y', '24', 'env -u CI NO_COLOR=1 PS1=prompt- sh');
    tmux(
      'send-keys',
      '-t',
      SESSION,
      'echo before; node bin/meshgw.js simulate -f fixtures/article/gateway.yaml -i',
      'Enter',
    );
    const first = await shows('200 → httpbin.default.svc.cluster.local:8000');
    expect(first).toContain('gateway istio=ingressgateway');
    expect(first.split('\n').every((line) => line.length <= 80)).toBe(true);
    tmux('send-keys', '-t', SESSION, 'C-u');
    tmux('send-keys', '-t', SESSION, '-l', 'http://httpbin.example.com/foo');
    expect(await shows('404')).toContain('none of its routes');
    tmux('send-keys', '-t', SESSION, 'C-n');
    await shows('rule 1 of 1');
    await shows('200 →');
    tmux('send-keys', '-t', SESSION, 'C-y');
    await shows('curl -i http://httpbin.example.com/status');
    tmux('send-keys', '-t', SESSION, 'C-c');
    const after = await shows(/before[\s\S]*prompt-\s*$/);
    expect(after).not.toContain('Headers');
  });

  test('follows the window, changes the gateway, says what is no URL, leaves with Escape', {
    timeout: 120_000,
  }, async () => {
    // In the shell that the explorer left.
    const files = '-f fixtures/cli/what-a-newcomer-meets/two-gateways.yaml';
    tmux('send-keys', '-t', SESSION, `clear; node bin/meshgw.js simulate ${files} -i`, 'Enter');
    // The usual gateway has no rule here: the one that has is asked first.
    const first = await shows('gateway ingress-nginx  (1 of 2, ^G next)');
    expect(first).toContain('Esc quit');
    tmux('resize-window', '-t', SESSION, '-x', '60', '-y', '24');
    await shows(/^─{60}$/m);
    tmux('resize-window', '-t', SESSION, '-x', '80', '-y', '24');
    await shows(/^─{80}$/m);
    tmux('send-keys', '-t', SESSION, 'C-g');
    await shows('gateway istio=ingressgateway  (2 of 2');
    await shows('404 the port listens');
    tmux('send-keys', '-t', SESSION, 'C-u', 'h', 't', 't', 'p');
    await shows('not a URL: http');
    tmux('send-keys', '-t', SESSION, 'Escape');
    await shows(/prompt-\s*$/);
  });
});
