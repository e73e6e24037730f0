// The documentation as a site: it builds, its links lead somewhere, its search finds, the tour shows what the commands print.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileInBrowser, hasBrowser, inChromium } from './page/browser.js';
import { meshgwIn } from './run-cli.js';

const out = mkdtempSync(join(tmpdir(), 'meshgw-site-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));

let pages = new Map<string, string>();
beforeAll(() => {
  execFileSync('node', ['scripts/site/build.mjs', out], { stdio: ['ignore', 'ignore', 'inherit'] });
  pages = new Map(filesIn(out, '.html').map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}, 120_000);

test('each document is a page, with a title of its own and nothing from a network', () => {
  const expected = filesIn('docs', '.md').map((name) =>
    name.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html'),
  );
  expect([...pages.keys()].sort()).toEqual(expected.sort());
  for (const [name, html] of pages) {
    expect(html, name).toMatch(/<title>[^<]+<\/title>/);
    expect(html, name).not.toMatch(/(?:src|<link[^>]* href)="(?:https?:)?\/\//);
  }
});

test('indented commands are code', () => {
  expect(pages.get('why-404.html')).toContain('<pre><code>istioctl proxy-config');
  for (const [name, html] of pages) expect(html, name).not.toMatch(/<p>meshgw [a-z-]+ -/);
});

test('links and anchors lead somewhere', () => {
  const ids = new Map(
    [...pages].map(([name, html]) => [name, new Set([...html.matchAll(/ id="([^"]*)"/g)].map((m) => m[1]!))]),
  );
  const broken: string[] = [];
  for (const [name, html] of pages)
    for (const [, to] of html.matchAll(/ (?:href|src)="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(to!)) continue;
      const [path, anchor] = to!.split('#');
      const goal = path === '' ? name : relative(out, join(out, dirname(name), path!));
      const known = ids.get(goal);
      if (known ? anchor !== undefined && !known.has(decodeURIComponent(anchor)) : !existsSync(join(out, goal)))
        broken.push(`${name}: ${to}`);
    }
  expect(broken).toEqual([]);
  // What is no document is linked in the repository, where it has to be too.
  const elsewhere = [...pages].flatMap(([name, html]) =>
    [...html.matchAll(/href="https:\/\/github\.com\/meshgw\/meshgw\/(?:blob|tree)\/main\/([^"#]+)/g)].map(
      (m) => [name, m[1]!] as const,
    ),
  );
  expect(elsewhere.filter(([, path]) => !existsSync(path))).toEqual([]);
});

test('the tour shows what the commands print', async () => {
  const { TOUR, tourSvg } = (await import(pathToFileURL('scripts/site/tour.mjs').href)) as {
    readonly TOUR: readonly (readonly [remark: string, command: string])[];
    readonly tourSvg: (steps: readonly { remark: string; command: string; output: string }[]) => string;
  };
  const steps = [];
  for (const [remark, command] of TOUR) {
    const { out: printed, err } = await meshgwIn(process.cwd(), [...command.split(' '), '--color']);
    steps.push({ remark, command, output: `${printed}${err}` });
  }
  const fresh = tourSvg(steps);
  if (process.env.UPDATE_README) writeFileSync('docs/images/tour.svg', fresh);
  expect(readFileSync('docs/images/tour.svg', 'utf8')).toBe(fresh);
});

describe(inChromium, () => {
  test.runIf(hasBrowser)(
    'search by keys, from the disk; no sideways scroll at any size',
    { timeout: 120_000 },
    async () => {
      const own = (url: string) => url.startsWith(pathToFileURL(out).href);
      await fileInBrowser(join(out, 'index.html'), own, async ({ page }) => {
        await page.keyboard.press('/');
        await page.keyboard.type('why 404');
        await page.waitForSelector('#found a');
        expect(await page.locator('#found a').first().textContent()).toContain('404');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.waitForURL(/why-404\.html/);
        expect(await page.textContent('h1')).toBe('Why does my gateway answer 404?');
        await page.fill('#search', 'MGW0101');
        expect(await page.locator('#found a').first().getAttribute('href')).toMatch(/^rules\/MGW0101\.html/);
        await page.fill('#search', 'zzzzzz');
        expect(await page.textContent('#found')).toBe('Nothing found.');
        for (const viewport of [
          { width: 1440, height: 900 },
          { width: 768, height: 1024 },
          { width: 420, height: 800 },
        ])
          for (const name of [
            'index.html',
            'ci.html',
            'ingress-nginx.html',
            'rules/MGW0101.html',
            'controllers.html',
          ]) {
            await page.setViewportSize(viewport);
            await page.goto(pathToFileURL(join(out, name)).href);
            expect(
              await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
              `${name} at ${viewport.width}`,
            ).toBe(0);
          }
      });
    },
  );
});
