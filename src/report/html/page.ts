// The page as one text: markup, style, data and program in one file that needs no network.

import type { DiffPageData, PageData } from './page-data.js';

export interface PageAssets {
  /** The bundle of src/page. */
  readonly script: string;
  readonly style: string;
}

/** Nothing may be loaded from anywhere: the browser refuses it, whatever the data holds. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function pageHtml(data: PageData | DiffPageData, { script, style }: PageAssets): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(data.title)}</title>
<style>${style.replaceAll('</', '<\\/')}</style>
</head>
<body>
<noscript>This page is drawn with JavaScript; -o text shows the same in words.</noscript>
<div id="app"></div>
<script type="application/json" id="data">${json(data)}</script>
<script type="module">${script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}</script>
</body>
</html>
`;
}

/** JSON that cannot end the element it stands in. */
const json = (data: PageData | DiffPageData): string => JSON.stringify(data).replaceAll('<', '\\u003c');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
