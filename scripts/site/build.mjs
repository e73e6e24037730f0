// The documentation as a static site in dist/site: Eleventy makes a page of each file of docs/, this file its search and style.
// `npm run site`; no page asks a network for anything, so dist/site/index.html opens from the disk (docs/decisions/0022).
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Eleventy from '@11ty/eleventy';
import { build } from 'esbuild';
import { sectionsOf } from './sections.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
process.chdir(root);

/** @param {string} out folder of the site, relative to the repository; it is made anew. @returns {Promise<number>} pages */
export async function buildSite(out = 'dist/site') {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const eleventy = new Eleventy('docs', out, { configPath: 'scripts/site/eleventy.config.mjs', quietMode: true });
  eleventy.setFormats('md');
  await eleventy.init();
  const pages = (await eleventy.toJSON()).map(({ url, outputPath, content }) => ({ url, outputPath, content }));
  for (const { outputPath, content } of pages) {
    mkdirSync(join(outputPath, '..'), { recursive: true });
    writeFileSync(outputPath, content);
  }
  const index = pages.flatMap(({ url, content }) => sectionsOf(url.slice(1), content));
  writeFileSync(join(out, 'search-index.js'), `window.SECTIONS=${JSON.stringify(index)}`);
  await build({
    entryPoints: [join(here, 'site.js'), join(here, 'site.css')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    outdir: out,
  });
  mkdirSync(join(out, 'images'), { recursive: true });
  for (const name of [
    'ways-in.png',
    'ways-in-dark.png',
    'explorer.png',
    'architecture-light.svg',
    'architecture-dark.svg',
    'tour.svg',
  ])
    copyFileSync(join('docs/images', name), join(out, 'images', name));
  return pages.length;
}

if (process.argv[1] === join(here, 'build.mjs'))
  console.log(`${await buildSite(process.argv[2])} pages in ${process.argv[2] ?? 'dist/site'}`);
