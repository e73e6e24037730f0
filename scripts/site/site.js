// The search: MiniSearch over the sections of all pages, in the browser.
import MiniSearch from 'minisearch';

const MOST = 12;
const up = document.documentElement.dataset.up;
const input = document.getElementById('search');
const found = document.getElementById('found');
let index;

/** Made with the first key: reading a page costs nothing of it. */
function search(query) {
  if (!index) {
    index = new MiniSearch({
      idField: 'u',
      fields: ['h', 't', 'x'],
      storeFields: ['t', 'h', 'x'],
      searchOptions: {
        boost: { h: 4, t: 3 },
        prefix: true,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        combineWith: 'AND',
        // A page of a job says more than one of a rule.
        boostDocument: (id) => (/^(rules|decisions)\//.test(id) ? 1 : 1.6),
      },
    });
    index.addAll(window.SECTIONS);
  }
  return index.search(query).slice(0, MOST);
}

function show() {
  const query = input.value.trim();
  const results = query === '' ? [] : search(query);
  found.hidden = query === '';
  found.replaceChildren();
  for (const { id, t, h, x, terms } of results) {
    const link = document.createElement('a');
    link.href = up + id;
    const head = document.createElement('strong');
    head.textContent = h === t ? t : `${t} › ${h}`;
    const text = document.createElement('span');
    text.textContent = around(x, terms);
    link.append(head, text);
    const item = document.createElement('li');
    item.append(link);
    found.append(item);
  }
  if (query !== '' && results.length === 0) {
    const none = document.createElement('li');
    none.textContent = 'Nothing found.';
    found.append(none);
  }
}

/** A piece of the text with the first term in it. */
function around(text, terms) {
  const at = Math.max(0, ...terms.map((term) => text.toLowerCase().indexOf(term)));
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '… ' : ''}${text.slice(from, from + 140)}…`;
}

input.addEventListener('input', show);
document.addEventListener('keydown', (event) => {
  const links = [...found.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement);
  if (event.key === '/' && document.activeElement !== input) input.focus();
  else if (event.key === 'Escape') {
    input.value = '';
    show();
  } else if (event.key === 'ArrowDown' && (at >= 0 || document.activeElement === input)) links[at + 1]?.focus();
  else if (event.key === 'ArrowUp' && at >= 0) (links[at - 1] ?? input).focus();
  else if (event.key === 'Enter' && document.activeElement === input) links[0]?.click();
  else return;
  event.preventDefault();
});
document.addEventListener('click', (event) => {
  if (!found.contains(event.target) && event.target !== input) found.hidden = true;
});
