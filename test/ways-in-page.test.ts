// The HTML page in a browser: opened from a file, without a network, it draws the ways, finds them, and answers requests
// with the simulator. Needs chromium (Debian's package); without it the tests that need it say NOT RUN in their names.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ensureBuilt } from './build.js';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The page of some files, as the built tool writes it. */
async function pageOf(...args: string[]): Promise<string> {
  const { execFileSync } = await import('node:child_process');
  ensureBuilt();
  return execFileSync('node', ['bin/meshgw.js', 'ways-in', '-o', 'html', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

interface Browser {
  readonly page: Page;
  /** Errors of the page, and everything that it asked for beside itself. */
  readonly problems: string[];
}

async function inBrowser(
  html: string,
  look: (browser: Browser) => Promise<void>,
  options: { readonly colorScheme?: 'light' | 'dark'; readonly viewport?: { width: number; height: number } } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: CHROMIUM,
      headless: true,
      args: FLAGS,
      viewport: options.viewport ?? { width: 1560, height: 940 },
      colorScheme: options.colorScheme ?? 'light',
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => request.url() !== pathToFileURL(file).href && problems.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('svg.map');
    await look({ page, problems });
    expect(problems).toEqual([]);
  } finally {
    await context?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const send = async (page: Page, url: string): Promise<string> => {
  await page.fill('#url', url);
  await page.press('#url', 'Enter');
  await page.waitForSelector('#result .answer');
  return (await page.textContent('#result')) ?? '';
};

test('the page without its data is under 2 MB', async () => {
  const html = await pageOf('-f', 'fixtures/article');
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!;
  expect(Buffer.byteLength(html) - Buffer.byteLength(data)).toBeLessThan(2 << 20);
  expect(html).not.toMatch(/(?:src|href)="https?:/);
});

const here = existsSync(CHROMIUM);

describe(here ? 'in chromium' : `NOT RUN: ${CHROMIUM} is missing`, () => {
  test.runIf(here)(
    "the article's two configurations, and the route of a typed request",
    { timeout: 120_000 },
    async () => {
      await inBrowser(await pageOf('-f', 'fixtures/article'), async ({ page }) => {
        expect(await page.locator('.node.entry .title').allTextContents()).toEqual([
          'Ingress (istio)',
          'Istio Gateway',
        ]);
        expect(await page.locator('.node.host .title').allTextContents()).toEqual([
          'httpbin.example.com',
          'httpbin.example.com',
        ]);
        const answer = await send(page, 'http://httpbin.example.com/status/200');
        expect(answer).toContain('200');
        expect(answer).toContain('httpbin.default.svc.cluster.local:8000');
        expect(answer).toContain('fixtures/article/ingress.yaml:13');
        expect(await page.locator('.node.route.lit .subtitle').allTextContents()).toEqual(['ingress']);
        expect(await send(page, 'http://httpbin.example.com/headers')).toContain('404');
        // What the Gateway takes and the Ingress does not.
        expect(await send(page, 'http://httpbin.example.com/statusx')).toContain('fixtures/article/gateway.yaml');
      });
    },
  );

  test.runIf(here)('search, nodes with source and findings, the keyboard; light', { timeout: 120_000 }, async () => {
    await inBrowser(await pageOf('-f', 'fixtures/ways-in/shop', '--advise'), async ({ page }) => {
      await page.fill('#search', 'shop/reviews-next jason');
      expect(await page.textContent('#count')).toBe('1 of 13 ways');
      await page.fill('#search', '');
      await page.locator('.node.service', { hasText: 'shop/cart' }).first().click();
      const details = (await page.textContent('#details')) ?? '';
      expect(details).toContain('fixtures/ways-in/shop/services.yaml:10');
      expect(details).toContain('nodePort: 30080');
      expect(details).toContain('bypasses the gateway');
      // From the search by keys alone: to the map, along it, choose, and back.
      await page.keyboard.press('Escape');
      await page.locator('.node[tabindex="0"]').focus();
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toMatch(/^entry /);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await page.locator('.node.selected').count()).toBe(1);
      await page.keyboard.press('/');
      expect(await page.evaluate('document.activeElement.id')).toBe('search');
      await page.keyboard.press('Escape');
      expect(await page.locator('.node.selected').count()).toBe(0);
      const answer = await send(page, 'https://shop.example.com/reviews/7');
      expect(answer).toContain('90 % reviews.shop.svc.cluster.local:9080 (v1)');
      if (process.env.PAGE_SCREENSHOT) {
        await page.mouse.move(5, 500);
        mkdirSync('docs/images', { recursive: true });
        await page.screenshot({ path: 'docs/images/ways-in.png' });
      }
    });
  });

  test.runIf(here)('dark: another ground, the same map', { timeout: 120_000 }, async () => {
    await inBrowser(
      await pageOf('-f', 'fixtures/ways-in/shop'),
      async ({ page }) => {
        const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(ground).toBe('rgb(17, 21, 28)');
        if (process.env.PAGE_SCREENSHOT) await page.screenshot({ path: 'docs/images/ways-in-dark.png' });
      },
      { colorScheme: 'dark' },
    );
  });

  test.runIf(here)(
    'every way of recorded configurations: the page says what simulate says',
    { timeout: 240_000 },
    async () => {
      for (const folder of ['istio/policy/policy-21-002', 'istio/action/action-11-003', 'ingress-nginx']) {
        const path = folder.includes('/')
          ? `fixtures/truth/${folder}`
          : `fixtures/truth/${folder}/${await firstCase(folder)}`;
        const html = await pageOf('-f', join(path, 'input.yaml'));
        await inBrowser(html, async ({ page }) => {
          for (const { request, response } of plainExchanges(path)) {
            await page.selectOption('#method', request.method);
            if (request.gateway) await page.selectOption('#gateway', request.gateway);
            const text = await send(page, `${request.scheme}://${request.host}:${request.port}${request.path}`);
            for (const shown of wordsOf(response)) expect(text).toContain(shown);
          }
        });
      }
    },
  );

  test.runIf(here)('5,000 routes: folded, drawn at once, found by search', { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshgw-many-'));
    try {
      writeFileSync(join(folder, 'many.yaml'), manyRoutes(100, 50));
      const html = await pageOf('-f', folder);
      await inBrowser(html, async ({ page }) => {
        expect(await page.textContent('#count')).toBe('5000 ways');
        expect(await page.locator('.node').count()).toBeLessThan(150);
        const started = Date.now();
        await page.fill('#search', 'host77.example.com /r/42');
        expect(await page.textContent('#count')).toBe('1 of 5000 ways');
        expect(Date.now() - started).toBeLessThan(3000);
        await page.fill('#search', '');
        expect(await send(page, 'http://host99.example.com/r/49')).toContain('svc9.default.svc.cluster.local:80');
        expect(await page.locator('.node.route.lit').count()).toBe(1);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface Exchange {
  readonly request: import('../src/model/index.js').GatewayRequest;
  readonly response: Partial<import('../src/model/index.js').SimulationResult>;
}

/** Those that the form of the page can ask, and that no draw decides. */
const plainExchanges = (path: string): Exchange[] =>
  (JSON.parse(readFileSync(join(path, 'exchanges.json'), 'utf8')) as Exchange[])
    .filter(({ request: r }) => r.sni === undefined && r.body === undefined && !r.headers && r.host !== '')
    .slice(0, 12)
    .filter(({ request, response }) => !response.split && /^[\w.-]+$/.test(request.host));

/** What the page has to say of an answer: its status where the gateway answers by itself, else the destination. */
function wordsOf({ status, destination }: Exchange['response']): string[] {
  if (destination) return [`${destination.host}:${destination.port}`];
  return status !== undefined && destination === null ? [String(status)] : [];
}

async function firstCase(folder: string): Promise<string> {
  const { readdirSync } = await import('node:fs');
  return readdirSync(`fixtures/truth/${folder}`).sort()[0]!;
}

function manyRoutes(hosts: number, routes: number): string {
  const gateway =
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: gw}\nspec:\n  selector: {istio: ingressgateway}\n  servers:\n  - port: {number: 80, name: http, protocol: HTTP}\n    hosts: ["*"]\n';
  const services = Array.from(
    { length: 10 },
    (_, i) => `apiVersion: v1\nkind: Service\nmetadata: {name: svc${i}}\nspec:\n  ports:\n  - {name: http, port: 80}\n`,
  );
  const virtualServices = Array.from({ length: hosts }, (_, host) => {
    const rules = Array.from(
      { length: routes },
      (_r, i) => `  - match: [{uri: {exact: /r/${i}}}]\n    route: [{destination: {host: svc${i % 10}}}]\n`,
    );
    return `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: vs${host}}\nspec:\n  hosts: [host${host}.example.com]\n  gateways: [gw]\n  http:\n${rules.join('')}`;
  });
  return [gateway, ...services, ...virtualServices].join('---\n');
}
