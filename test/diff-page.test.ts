// The HTML page of diff in a browser: differences, both answers with what is not the same, both sides asked.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasBrowser, inBrowser, inChromium, pageOf } from './page/browser.js';
import { estate } from './page/estate.js';
import { factsOf } from './page/layout.js';
import { expectPicture } from './page/picture.js';

const folder = mkdtempSync(join(tmpdir(), 'meshgw-diff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const article = () => pageOf('diff', 'fixtures/article/ingress.yaml', 'fixtures/article/gateway.yaml');

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024 },
  { width: 420, height: 800 },
];

describe(inChromium, () => {
  test.runIf(hasBrowser)('four sizes, light and dark', { timeout: 120_000 }, async () => {
    await inBrowser(article(), async ({ page }) => {
      for (const viewport of SIZES)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          await page.reload();
          expect(await factsOf(page)).toMatchObject({ sideways: 0 });
          await expectPicture(page, `fixtures/pages/diff-article-${viewport.width}-${colorScheme}.jpg`);
        }
    });
  });

  test.runIf(hasBrowser)('the article: one difference, its rule, both sides asked', { timeout: 120_000 }, async () => {
    await inBrowser(article(), async ({ page }) => {
      expect(await page.textContent('.verdict h2')).toMatch(/^Different: 1 pair of rules/);
      expect(await page.textContent('#count')).toBe('1 difference');
      expect(await page.locator('.difference .answer strong').allTextContents()).toEqual(['404', '200']);
      expect(await page.textContent('.difference')).toContain('fixtures/article/gateway.yaml:28');
      expect(await page.textContent('.difference pre')).toContain('prefix: /status');
      expect(await page.locator('.difference .changed').count()).toBe(2);
      await page.focus('#search');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#result .side');
      expect(await page.locator('#result .answer strong').allTextContents()).toEqual(['404', '200']);
      expect(await page.locator('#result .kicker').allTextContents()).toEqual([
        'before: fixtures/article/ingress.yaml',
        'after: fixtures/article/gateway.yaml',
      ]);
      await page.fill('#search', 'nowhere');
      expect(await page.textContent('#differences')).toBe('Nothing matches the search.');
    });
  });

  test.runIf(hasBrowser)('nothing differs', { timeout: 120_000 }, async () => {
    const html = pageOf('diff', 'fixtures/article/ingress.yaml', 'fixtures/article/ingress.yaml');
    await inBrowser(html, async ({ page }) => {
      expect(await page.textContent('.verdict.good h2')).toMatch(/^Equivalent/);
      expect(await page.textContent('#count')).toBe('0 differences');
    });
  });

  test.runIf(hasBrowser)(
    'many differences: grouped by object, drawn in parts, searched',
    { timeout: 120_000 },
    async () => {
      const before = file('before.yaml', estate());
      const after = file('after.yaml', estate().replaceAll('prefix: /', 'prefix: /v2/'));
      await inBrowser(pageOf('diff', before, after), async ({ page }) => {
        const total = Number(/^\d+/.exec((await page.textContent('#count')) ?? '')?.[0]);
        expect(total).toBeGreaterThan(100);
        expect(await page.locator('.difference').count()).toBe(30);
        const titles = await page.locator('aside .item strong').allTextContents();
        expect(new Set(titles).size).toBe(titles.length);
        await page.locator('aside .item').last().click();
        expect(await page.locator('.difference').count()).toBe(total);
        await page.fill('#search', 'example.com/rates');
        expect(await page.locator('.difference').count()).toBeLessThan(30);
        await page.focus('#search');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        expect(
          await page.evaluate("[...document.querySelectorAll('.difference')].indexOf(document.activeElement)"),
        ).toBe(1);
      });
    },
  );

  test.runIf(hasBrowser)('texts of the files stay texts', { timeout: 120_000 }, async () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    const routes = (host: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw}
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
  - match: [{headers: {"x-a": {exact: "${evil}"}}}] # ${evil}
    route: [{destination: {host: ${host}}, headers: {response: {set: {x: "${evil}"}}}}]
`;
    await inBrowser(pageOf('diff', file('a.yaml', routes('a')), file('b.yaml', routes('b'))), async ({ page }) => {
      expect(await page.textContent('.difference')).toContain('onerror=alert(1)');
      expect(await page.locator('img').count()).toBe(0);
    });
  });
});
