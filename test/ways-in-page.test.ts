// The HTML page of ways-in in a browser: opened from a file, without a network, it draws the ways, finds them, and answers requests
// with the simulator. Needs chromium (Debian's package); without it the tests that need it say NOT RUN in their names.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { hasBrowser, inBrowser, inChromium, pageOf } from './page/browser.js';
import { estate } from './page/estate.js';
import { factsOf } from './page/layout.js';
import { expectPicture } from './page/picture.js';

const folder = mkdtempSync(join(tmpdir(), 'meshgw-ways-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page of one text. */
function pageOfText(name: string, text: string, ...flags: string[]): string {
  const dir = join(folder, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'all.yaml'), text);
  return pageOf('ways-in', '-f', dir, ...flags);
}

const send = async (page: Page, url: string): Promise<string> => {
  await page.fill('#url', url);
  await page.press('#url', 'Enter');
  await page.waitForSelector('#result .answer');
  return (await page.textContent('#result')) ?? '';
};

const titles = (page: Page, level: string): Promise<string[]> =>
  page.locator(`.node.${level} .title`).allTextContents();
const focusedLabel = (page: Page): Promise<string | null> =>
  page.evaluate("document.activeElement.getAttribute('aria-label')");
/** Whether all elements of a selector are in the window; `first`: whether the first one is. */
const isSeen = (page: Page, selector: string, first = false): Promise<boolean> =>
  page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].slice(0, ${first ? 1 : 1000}).every((e) => e.getBoundingClientRect().top >= 50 && e.getBoundingClientRect().bottom <= innerHeight)`,
  );

test('the page without its data is under 2 MB, loads nothing, and forbids itself to', { timeout: 120_000 }, () => {
  const html = pageOf('ways-in', '-f', 'fixtures/article');
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!;
  expect(Buffer.byteLength(html) - Buffer.byteLength(data)).toBeLessThan(2 << 20);
  expect(html).not.toMatch(/(?:src|href)="https?:/);
  expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none';`);
});

const SIZES = {
  wide: { width: 1440, height: 900 },
  laptop: { width: 1024, height: 768 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 420, height: 800 },
};
const INPUTS = {
  two: () => pageOf('ways-in', '-f', 'fixtures/article'),
  shop: () => pageOf('ways-in', '-f', 'fixtures/ways-in/shop', '--advise'),
  estate: () => pageOfText('estate', estate()),
};

describe(inChromium, () => {
  for (const [input, make] of Object.entries(INPUTS))
    test.runIf(hasBrowser)(`${input}: four sizes, light and dark`, { timeout: 240_000 }, async () => {
      await inBrowser(make(), async ({ page }) => {
        for (const [size, viewport] of Object.entries(SIZES))
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.setViewportSize(viewport);
            await page.emulateMedia({ colorScheme });
            await page.reload();
            const facts = await factsOf(page);
            expect(facts).toMatchObject({ sideways: 0, overlaps: [], crossings: [], clipped: [] });
            expect(facts.boxes).toBeGreaterThan(5);
            const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
            expect(ground).toBe(colorScheme === 'dark' ? 'rgb(17, 21, 28)' : 'rgb(245, 246, 248)');
            await expectPicture(page, `fixtures/pages/ways-in-${input}-${size}-${colorScheme}.jpg`);
          }
      });
    });

  test.runIf(hasBrowser)('the measures see what they look for', { timeout: 120_000 }, async () => {
    await inBrowser(INPUTS.shop(), async ({ page }) => {
      expect((await factsOf(page)).lines).toBeGreaterThan(10);
      await page.addStyleTag({ content: '.route-cell::after { width: 200px !important }' });
      expect((await factsOf(page)).crossings.length).toBeGreaterThan(0);
      await page.addStyleTag({
        content: '.route-row { margin-top: -30px } .title { width: 20px; overflow: hidden; white-space: nowrap }',
      });
      const { overlaps, clipped } = await factsOf(page);
      expect(overlaps.length).toBeGreaterThan(0);
      expect(clipped.length).toBeGreaterThan(0);
      await page.addStyleTag({ content: 'main { width: 3000px }' });
      expect((await factsOf(page)).sideways).toBeGreaterThan(0);
    });
  });

  test.runIf(hasBrowser)("the article's two ways fill the window, with their lines", { timeout: 120_000 }, async () => {
    await inBrowser(
      INPUTS.two(),
      async ({ page }) => {
        expect(await titles(page, 'entry')).toEqual(['Ingress (istio)', 'Istio Gateway']);
        expect(await titles(page, 'host')).toEqual(['httpbin.example.com', 'httpbin.example.com']);
        const filled = await page.evaluate(
          "document.querySelector('.board').getBoundingClientRect().bottom / innerHeight",
        );
        expect(filled).toBeGreaterThan(0.95);
        expect(await page.locator('.in-full pre').count()).toBe(2);
        const answer = await send(page, 'http://httpbin.example.com/status/200');
        expect(answer).toContain('httpbin.default.svc.cluster.local:8000');
        expect(answer).toContain('fixtures/article/ingress.yaml:13');
        expect(await page.locator('.route-row.lit .node.route .subtitle').allTextContents()).toEqual(['ingress']);
        expect(await send(page, 'http://httpbin.example.com/headers')).toContain('404');
        // What the Gateway takes and the Ingress does not; without a scheme it is http.
        expect(await send(page, 'httpbin.example.com/statusx')).toContain('fixtures/article/gateway.yaml');
        // A concrete path finds the pattern that takes it, a URL is asked with Enter.
        await page.fill('#search', '/statusx');
        expect(await titles(page, 'route')).toEqual(['begins /status']);
        expect(await page.textContent('#count')).toBe('1 of 2 ways');
        await page.fill('#search', 'httpbin.example.com/status/7');
        expect(await titles(page, 'route')).toEqual(['at or below /status', 'begins /status']);
        await page.press('#search', 'Enter');
        await page.waitForSelector('.route-row.lit');
        expect(await page.inputValue('#url')).toBe('httpbin.example.com/status/7');
        await page.fill('#search', 'nowhere');
        expect(await page.textContent('#map')).toContain('Nothing matches the search.');
      },
      { viewport: SIZES.wide },
    );
  });

  test.runIf(hasBrowser)(
    '300 services: entries first, groups open in place, nothing dims',
    { timeout: 240_000 },
    async () => {
      await inBrowser(
        INPUTS.estate(),
        async ({ page }) => {
          expect(await page.textContent('#count')).toBe('300 services · 658 ways');
          expect(await titles(page, 'entry')).toEqual(['Ingress (nginx)', 'Istio Gateway', 'NodePort', 'LoadBalancer']);
          expect(await isSeen(page, '.node.entry')).toBe(true);
          expect(await page.locator('.node').count()).toBeLessThan(30);
          // A group opens where it stands.
          const group = page.locator('.node.namespace', { hasText: 'billing.example.org' });
          const before = await group.boundingBox();
          await group.click();
          expect(await titles(page, 'host')).toEqual(['billing.example.org', 'www.billing.example.org']);
          expect((await page.locator('.node.namespace.selected').boundingBox())!.y).toBeCloseTo(before!.y, 0);
          await page.keyboard.press('Escape');
          // A service chosen in the list is shown in the map, marked, with the rest as bright as before.
          const service = page.locator('[data-service]', { hasText: 'accounts/accounts-feed' });
          await service.click();
          expect(await isSeen(page, '.node.selected')).toBe(true);
          // Two locations of nginx (`= /feed`, `/feed/`) are one path of the file, and one line.
          expect(await page.locator('.service-cell.lit').count()).toBe(1);
          expect(
            await page.evaluate(
              "[...document.querySelectorAll('.map *')].every((e) => getComputedStyle(e).opacity === '1')",
            ),
          ).toBe(true);
          expect(await page.textContent('#details')).toContain('accounts/accounts-feed');
          // A search filters the list and the map alike.
          await page.fill('#search', 'shop/shop-cache');
          expect(await page.locator('[data-service]').count()).toBe(1);
          expect(new Set(await titles(page, 'service'))).toEqual(new Set(['shop/shop-cache']));
          await page.fill('#search', '');
          // A tested request opens what it takes.
          expect(await send(page, 'http://api.mail.example.com/images/1')).toContain('mail-images');
          expect(await isSeen(page, '.service-cell.lit', true)).toBe(true);
        },
        { viewport: SIZES.wide },
      );
    },
  );

  test.runIf(hasBrowser)('all by keys: search, along the tree, open, choose, back', { timeout: 120_000 }, async () => {
    await inBrowser(INPUTS.shop(), async ({ page }) => {
      await page.keyboard.press('/');
      expect(await page.evaluate('document.activeElement.id')).toBe('search');
      await page.keyboard.type('shop/reviews-next jason');
      expect(await page.textContent('#count')).toBe('1 of 13 ways');
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowDown');
      expect(await focusedLabel(page)).toMatch(/^entry, Gateway API/);
      await page.keyboard.press('ArrowLeft');
      expect(await page.locator('.node.entry').first().getAttribute('aria-expanded')).toBe('false');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await focusedLabel(page)).toMatch(/^namespace, shop/);
      await page.keyboard.press('ArrowDown');
      expect(await focusedLabel(page)).toMatch(/^host, admin\.shop\.example\.com/);
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      expect(await focusedLabel(page)).toMatch(/^namespace, shop/);
      await page.keyboard.press('End');
      expect(await focusedLabel(page)).toMatch(/^service, shop\/ledger/);
      await page.keyboard.press('Enter');
      expect(await page.textContent('#details')).toContain('fixtures/ways-in/shop/services.yaml');
      expect(await focusedLabel(page)).toMatch(/^service, shop\/ledger/);
      await page.keyboard.press('Escape');
      expect(await page.locator('.node.selected').count()).toBe(0);
      // Tab goes from the search over the legend into the map, which is one stop, and on to the tester.
      await page.focus('#search');
      const stops: string[] = [];
      for (let i = 0; i < 3; i++) {
        await page.keyboard.press('Tab');
        stops.push(
          await page.evaluate<string>(
            "document.activeElement.className.split(' ')[0] || document.activeElement.tagName",
          ),
        );
      }
      expect(stops.slice(0, 2)).toEqual(['SUMMARY', 'node']);
      await page.locator('[data-service]').first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate('document.activeElement.dataset.service')).toBe('cart.shop.svc.cluster.local');
    });
  });

  test.runIf(hasBrowser)(
    'details of a service, and the gateway that knows the host',
    { timeout: 120_000 },
    async () => {
      await inBrowser(INPUTS.shop(), async ({ page }) => {
        await page.locator('.node.service', { hasText: 'shop/cart' }).first().click();
        const details = (await page.textContent('#details')) ?? '';
        expect(details).toContain('fixtures/ways-in/shop/services.yaml:10');
        expect(details).toContain('nodePort: 30080');
        expect(details).toContain('bypasses the gateway');
        expect(await page.locator('.service-cell.lit').count()).toBe(3);
        const asked = async (url: string) => {
          await send(page, url);
          return page.locator('#result dd').first().textContent();
        };
        expect(await asked('http://admin.shop.example.com/')).toBe('shop/admin');
        expect(await asked('https://old.shop.example.com/cart')).toBe('ingress-nginx');
        expect(await asked('https://shop.example.com/')).toBe('istio=ingressgateway');
        expect(await send(page, 'https://shop.example.com/reviews/7')).toContain(
          '90 % reviews.shop.svc.cluster.local:9080 (v1)',
        );
        if (process.env.PAGE_SCREENSHOT) await page.screenshot({ path: 'docs/images/ways-in.png' });
      });
      if (process.env.PAGE_SCREENSHOT)
        await inBrowser(
          INPUTS.shop(),
          ({ page }) => page.screenshot({ path: 'docs/images/ways-in-dark.png' }).then(() => {}),
          {
            colorScheme: 'dark',
          },
        );
    },
  );

  test.runIf(hasBrowser)('the legend has every mark of the map', { timeout: 120_000 }, async () => {
    await inBrowser(INPUTS.shop(), async ({ page }) => {
      const marks = (scope: string) =>
        page.evaluate<string[]>(
          `[...new Set([...document.querySelectorAll(${JSON.stringify(scope)})].flatMap((e) => [...e.classList]))]
            .filter((c) => ['entry', 'namespace', 'host', 'route', 'service', 'port', 'tls', 'share', 'copy', 'undecided', 'fold', 'warning', 'info', 'error', 'lit'].includes(c)).sort()`,
        );
      await page.locator('.node.service').first().click();
      await page.click('.legend summary');
      const inLegend = await marks('.sheet *');
      const inMap = await marks('.map .node, .map .node *, .map .service-cell');
      expect(inMap).toEqual(expect.arrayContaining(['copy', 'undecided', 'share', 'tls', 'lit']));
      expect(inLegend).toEqual(expect.arrayContaining(inMap));
    });
  });

  test.runIf(hasBrowser)('texts of the files stay texts', { timeout: 120_000 }, async () => {
    const evil = '</script><img src=x onerror=alert(1)><script>alert(2)</script>';
    const html = pageOfText(
      'evil',
      `# ${evil}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, annotations: {note: "${evil}"}}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs}
spec:
  hosts: ["*"]
  gateways: [gw]
  http:
  - match: [{headers: {"x-a": {exact: "${evil}"}}}]
    route: [{destination: {host: svc}}]
  - route: [{destination: {host: "svc"}, headers: {response: {set: {x: "${evil}"}}}}]
`,
    );
    await inBrowser(html, async ({ page }) => {
      expect(await page.locator('.node.route .subtitle').allTextContents()).toContain(`header x-a = ${evil}`);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      await page.locator('.node.route').first().click();
      expect(await page.textContent('#details')).toContain('onerror=alert(1)');
      expect(await page.locator('img').count()).toBe(0);
    });
  });

  test.runIf(hasBrowser)(
    'every way of recorded configurations: the page says what simulate says',
    { timeout: 240_000 },
    async () => {
      for (const name of ['istio/policy/policy-21-002', 'istio/action/action-11-003', 'ingress-nginx']) {
        const path = name.includes('/') ? `fixtures/truth/${name}` : `fixtures/truth/${name}/${firstCase(name)}`;
        await inBrowser(pageOf('ways-in', '-f', join(path, 'input.yaml')), async ({ page }) => {
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

  test.runIf(hasBrowser)('5,000 routes: closed, drawn at once, found by search', { timeout: 240_000 }, async () => {
    await inBrowser(pageOfText('many', manyRoutes(100, 50)), async ({ page }) => {
      expect(await page.textContent('#count')).toBe('10 services · 5000 ways');
      expect(await page.locator('.node').count()).toBeLessThan(150);
      await page.fill('#search', 'host77.example.com /r/42');
      expect(await page.textContent('#count')).toBe('1 of 5000 ways');
      await page.fill('#search', '');
      expect(await send(page, 'http://host99.example.com/r/49')).toContain('svc9.default.svc.cluster.local:80');
      expect(await page.locator('.route-row.lit').count()).toBe(1);
      // A long list is cut; the rest is a button away.
      await page.locator('.node.namespace').click();
      await page.locator('.more').last().click();
      expect(await page.locator('.node.host').count()).toBe(100);
    });
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

const firstCase = (name: string): string => readdirSync(`fixtures/truth/${name}`).sort()[0]!;

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
