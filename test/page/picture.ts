// Pictures of a page, compared coarsely: where there is ink, in a grid of fields, and how alike two such maps are (their correlation).
// The same page has 0.98 and more, one whose columns are lost under 0.5, an empty one 0 (measured 2026-11-30). Other fonts break lines
// elsewhere: where texts are not as wide as when the pictures were made, nothing is compared, and that is said.
// `PAGE_PICTURES=1` writes the pictures anew; look at them before you commit.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Width of the stored picture, px. */
const WIDTH = 360;
/** Fields in a row. */
const COLUMNS = 40;
/** From which likeness on a page counts as the one of its picture. */
const ALIKE = 0.75;

const FONTS = 'fixtures/pages/fonts.json';
let told = false;

/** The page, from its top, looks as it did when the picture was made. */
export async function expectPicture(page: Page, file: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  const fonts = JSON.stringify(await page.evaluate<Record<string, number>>(WIDTHS));
  if (process.env.PAGE_PICTURES) {
    mkdirSync(dirname(FONTS), { recursive: true });
    writeFileSync(FONTS, `${fonts}\n`);
  }
  if (readFileSync(FONTS, 'utf8').trim() === fonts) {
    expect(await likeness(page, file), `${file}: PAGE_PICTURES=1 writes it anew`).toBeGreaterThan(ALIKE);
    return;
  }
  if (!told) console.warn(`pictures NOT COMPARED: the fonts of this machine are not those of ${FONTS} (${fonts})`);
  told = true;
}

/** Widths of a text in the fonts of the pages, px. */
const WIDTHS = `(() => {
  const context = document.createElement('canvas').getContext('2d');
  const width = (variable) => {
    context.font = '16px ' + getComputedStyle(document.documentElement).getPropertyValue(variable);
    return Math.round(context.measureText('Where does a request go? /status 404').width);
  };
  return { sans: width('--sans'), mono: width('--mono') };
})()`;

/** How alike (1: the same, about 0: unrelated) the page is to its stored picture; 1 where that has just been written. */
async function likeness(page: Page, file: string): Promise<number> {
  const shot = (await page.screenshot({ animations: 'disabled' })).toString('base64');
  const blank = await page.context().newPage();
  try {
    if (process.env.PAGE_PICTURES) {
      const small = await blank.evaluate<string>(`(${SMALLER})(${JSON.stringify(shot)}, ${WIDTH})`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from(small, 'base64'));
      return 1;
    }
    if (!existsSync(file)) throw new Error(`no picture ${file}: PAGE_PICTURES=1 writes it`);
    const stored = readFileSync(file).toString('base64');
    const [a, b] = await blank.evaluate<[number[], number[]]>(
      `Promise.all([(${INK})('png', ${JSON.stringify(shot)}, ${COLUMNS}), (${INK})('jpeg', ${JSON.stringify(stored)}, ${COLUMNS})])`,
    );
    return a.length === b.length ? correlation(a, b) : 0;
  } finally {
    await blank.close();
  }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((sum, x) => sum + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [both, aa, bb] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    both += (x - ma) * (b[i]! - mb);
    aa += (x - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : both / Math.sqrt(aa * bb);
}

const SMALLER = `async (png, width) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(width, Math.round(image.height * width / image.width));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.75 })).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}`;

/** For each field, how much neighbouring points differ in it: text and edges are ink, a ground of any colour is none. */
const INK = `async (type, data, columns) => {
  const image = await createImageBitmap(await (await fetch('data:image/' + type + ';base64,' + data)).blob());
  const rows = Math.max(1, Math.round(columns * image.height / image.width)), size = 9;
  const canvas = new OffscreenCanvas(columns * size, rows * size);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
  const light = (x, y) => { const i = (y * canvas.width + x) * 4; return pixels[i] + pixels[i + 1] + pixels[i + 2]; };
  const ink = [];
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let y = 1; y < size; y++) for (let x = 1; x < size; x++) {
      const [px, py] = [column * size + x, row * size + y];
      sum += Math.abs(light(px, py) - light(px - 1, py)) + Math.abs(light(px, py) - light(px, py - 1));
    }
    ink.push(Math.sqrt(sum));
  }
  // Blurred with the fields around: a text that begins a field later is the same text.
  return ink.map((_, i) => {
    let [sum, n] = [0, 0];
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) {
      const [x, y] = [i % columns + dx, Math.floor(i / columns) + dy];
      if (x >= 0 && y >= 0 && x < columns && y < rows) { sum += ink[y * columns + x]; n++; }
    }
    return sum / n;
  });
}`;
