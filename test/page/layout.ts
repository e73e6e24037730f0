// Facts about what a page shows, measured in the browser. The text of `MEASURE` runs there.

import type { Page } from 'playwright-core';

export interface Facts {
  /** Wider than the window? Pixels. */
  readonly sideways: number;
  /** Pairs of boxes of which neither holds the other and that overlap. */
  readonly overlaps: readonly string[];
  /** Lines of the map that cross a text. */
  readonly crossings: readonly string[];
  /** Texts that do not fit their box. */
  readonly clipped: readonly string[];
  readonly boxes: number;
  readonly lines: number;
}

const MEASURE = `(() => {
  const boxes = [...document.querySelectorAll('.node')].filter((e) => e.checkVisibility());
  const rect = (e) => e.getBoundingClientRect();
  const hit = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const name = (e) => e.getAttribute('aria-label') ?? e.textContent;
  // Boxes that stick to the window's top stand over what scrolls below them.
  const overlaps = [];
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1))
    if (hit(rect(a), rect(b))) overlaps.push(name(a) + ' | ' + name(b));
  const texts = [...document.querySelectorAll('.map .title, .map .subtitle, .map .summary, .map .port, .map .share, .map .dot')].filter((e) => e.checkVisibility());
  const lines = [];
  for (const e of document.querySelectorAll('.host-cell, .route-cell, .route-row, .service-cell'))
    for (const which of ['::before', '::after']) {
      const style = getComputedStyle(e, which);
      if (style.content === 'none' || style.display === 'none') continue;
      const box = rect(e);
      const left = box.left + parseFloat(style.left), top = box.top + parseFloat(style.top);
      lines.push({ left, top, right: left + Math.max(2, parseFloat(style.width)), bottom: top + Math.max(2, parseFloat(style.height)), of: e.className });
    }
  // A line is as thin as its border: only its edges are drawn. Its whole rectangle is nowhere on a text all the same.
  const crossings = [];
  for (const line of lines) for (const text of texts) {
    const t = rect(text);
    if (Math.min(line.right, t.right) - Math.max(line.left, t.left) > 1 && Math.min(line.bottom, t.bottom) - Math.max(line.top, t.top) > 1)
      crossings.push(line.of + ' over ' + text.textContent);
  }
  const clipped = texts.filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.textContent);
  return { sideways: document.documentElement.scrollWidth - innerWidth, overlaps, crossings, clipped, boxes: boxes.length, lines: lines.length };
})()`;

export const factsOf = (page: Page): Promise<Facts> => page.evaluate<Facts>(MEASURE);
