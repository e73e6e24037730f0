// Pictures of a page, compared coarsely: the mean colours of a grid of fields. Fonts differ between machines, a page that is laid out
// anew differs much more. `PAGE_PICTURES=1` writes the pictures anew; look at them before you commit.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';

/** Width of the stored picture, px. */
const WIDTH = 360;
/** Mean difference of a colour (0..255) from which on a field counts as another one. */
const OTHER = 28;

/** Share (0..1) of fields that look otherwise than in the stored picture; 0 where it has just been written. */
export async function differenceFrom(page: Page, file: string): Promise<number> {
  const shot = (await page.screenshot({ animations: 'disabled' })).toString('base64');
  const blank = await page.context().newPage();
  try {
    if (process.env.PAGE_PICTURES) {
      const small = await blank.evaluate<string>(`(${SMALLER})(${JSON.stringify(shot)}, ${WIDTH})`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from(small, 'base64'));
      return 0;
    }
    if (!existsSync(file)) throw new Error(`no picture ${file}: PAGE_PICTURES=1 writes it`);
    const stored = readFileSync(file).toString('base64');
    const [a, b] = await blank.evaluate<[number[], number[]]>(
      `Promise.all([(${GRID})('png', ${JSON.stringify(shot)}), (${GRID})('jpeg', ${JSON.stringify(stored)})])`,
    );
    if (a.length !== b.length) return 1;
    const other = a.filter((_, i) => i % 3 === 0 && [0, 1, 2].some((c) => Math.abs(a[i + c]! - b[i + c]!) > OTHER));
    return other.length / (a.length / 3);
  } finally {
    await blank.close();
  }
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

/** Mean colours of 16 fields in a row, whatever the picture's size. */
const GRID = `async (type, data) => {
  const image = await createImageBitmap(await (await fetch('data:image/' + type + ';base64,' + data)).blob());
  const columns = 16, rows = Math.max(1, Math.round(16 * image.height / image.width));
  const canvas = new OffscreenCanvas(columns * 8, rows * 8);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
  const means = [];
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) sum += pixels[((row * 8 + y) * canvas.width + column * 8 + x) * 4 + c];
    means.push(sum / 64);
  }
  return means;
}`;
