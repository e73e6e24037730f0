// One page: the menu, the search, the text.
import { NAVIGATION } from './navigation.mjs';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export function render({ content, title, page }) {
  const here = page.url.slice(1);
  const up = '../'.repeat(here.split('/').length - 1);
  const link = ([to, label]) =>
    `<li><a href="${up}${to}"${to === here ? ' aria-current="page"' : ''}>${escaped(label)}</a></li>`;
  const menu = NAVIGATION.map(
    ([name, links]) => `${name ? `<h2>${name}</h2>` : ''}<ul>${links.map(link).join('')}</ul>`,
  ).join('');
  return `<!doctype html>
<html lang="en" data-up="${up}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'">
<title>${here === 'index.html' ? 'meshgw' : `${escaped(title)} · meshgw`}</title>
<link rel="stylesheet" href="${up}site.css">
</head>
<body>
<a class="skip" href="#main">to the text</a>
<header>
<a class="brand" href="${up}index.html"><b>meshgw</b> docs</a>
<div class="search" role="search"><input id="search" type="search" placeholder="search   /" aria-label="search the documentation" autocomplete="off" spellcheck="false"><ol id="found" aria-label="results" hidden></ol></div>
<details class="menu"><summary>Menu</summary><nav aria-label="pages, short">${menu}</nav></details>
</header>
<div class="columns">
<nav class="side" aria-label="pages">${menu}</nav>
<main id="main"><article>${content}</article></main>
</div>
<script src="${up}search-index.js" defer></script>
<script src="${up}site.js" defer></script>
</body>
</html>
`;
}
