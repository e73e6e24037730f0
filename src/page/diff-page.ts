// The page of diff: what differs between two configurations, request by request, and a tester that asks both.

import { counted, type SimulationResult } from '../model/index.js';
import type { DiffPageData, PageDifference, PageGroup } from '../report/html/page-data.js';
import { answerOf } from './answer.js';
import { sourceOf } from './details.js';
import { breakable, h } from './element.js';
import { focusNode, listKey, searchKey } from './keys.js';
import { revive } from './revive.js';
import { testerOf } from './tester.js';

const data = JSON.parse(document.getElementById('data')!.textContent!) as DiffPageData;
const { diff } = data;

/** Differences that are drawn without being asked for. */
const MOST = 30;

const state = { query: '', most: MOST };

const total = data.groups.reduce((n, group) => n + group.differences.length, 0);
const count = h('span', { class: 'muted', id: 'count', role: 'status' });
const list = h('div', { id: 'differences' });
const overview = h('section', { class: 'card', 'aria-label': 'rules that differ' });
const search = h('input', {
  id: 'search',
  type: 'search',
  placeholder: 'search: rule, request, destination   /',
  'aria-label': 'search by rule, request or destination',
  spellcheck: 'false',
  autocomplete: 'off',
  input: () => {
    state.query = search.value.trim().toLowerCase();
    state.most = MOST;
    render();
  },
});
const [before, after] = data.sides;
const tester = testerOf(
  data.models.map((model, i) => ({
    name: `${i === 0 ? 'before' : 'after'}: ${data.sides[i]}`,
    revived: revive(model),
  })),
  () => {},
);

document
  .getElementById('app')!
  .append(
    h('a', { class: 'skip', href: '#differences' }, 'to the differences'),
    h('header', {}, h('h1', {}, h('b', {}, 'meshgw'), ' diff'), h('div', { class: 'search' }, search, count)),
    h(
      'main',
      {},
      h(
        'div',
        { class: 'board' },
        h(
          'section',
          { class: `card verdict ${diff.equivalent === true ? 'good' : diff.equivalent === false ? 'bad' : 'open'}` },
          h('h2', {}, data.verdict),
          h('p', {}, h('code', {}, breakable(before)), ' → ', h('code', {}, breakable(after))),
          h('p', { class: 'muted' }, data.compared),
        ),
        list,
        restOf('Not decided', data.undecided),
        restOf('Same answers, different timeouts, retries or protocol', data.delivery),
      ),
      h('aside', {}, tester.element, overview),
    ),
  );

function restOf(title: string, lines: readonly string[]): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return h(
    'details',
    { class: 'card rest', open: diff.equivalent === 'undecided' },
    h('summary', {}, `${title} (${lines.length})`),
    h(
      'ul',
      { class: 'findings' },
      lines.slice(0, 200).map((line) => h('li', { class: 'warning' }, line)),
    ),
  );
}

function render(): void {
  const words = state.query.split(/\s+/).filter((w) => w !== '');
  const groups = data.groups
    .map((group) => ({
      ...group,
      differences: group.differences.filter((d) => words.every((w) => textOf(group, d).includes(w))),
    }))
    .filter(({ differences }) => differences.length > 0);
  const found = groups.reduce((n, { differences }) => n + differences.length, 0);
  count.textContent = words.length === 0 ? counted(total, 'difference') : `${found} of ${counted(total, 'difference')}`;
  list.replaceChildren();
  let room = state.most;
  for (const group of groups) {
    if (room <= 0) break;
    list.append(groupOf(group, room));
    room -= group.differences.length;
  }
  if (found > state.most) list.append(moreButton(found - state.most));
  if (total > 0 && found === 0) list.append(h('p', { class: 'card muted empty' }, 'Nothing matches the search.'));
  const first = list.querySelector<HTMLElement>('.difference');
  if (first) first.tabIndex = 0;
  overview.replaceChildren(
    h('h2', {}, groups.length === 1 ? '1 group of rules' : `${groups.length} groups of rules`),
    h(
      'ul',
      { class: 'list' },
      groups.slice(0, 100).map((group, i) => overviewItem(group, i)),
    ),
  );
  overview.hidden = total === 0;
}

const overviewItem = (group: PageGroup, i: number): HTMLElement =>
  h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'item',
        tabindex: i === 0 ? 0 : -1,
        click: () => {
          // A group beyond what is drawn: all before it are drawn too.
          if (!list.children[i]?.matches('section')) {
            state.most = total;
            render();
          }
          list.children[i]?.scrollIntoView({ block: 'start' });
        },
      },
      h('strong', {}, breakable(group.title)),
      h('span', { class: 'muted' }, counted(group.differences.length, 'difference')),
    ),
  );

const moreButton = (rest: number): HTMLElement =>
  h(
    'button',
    {
      type: 'button',
      class: 'more-differences',
      click: () => {
        state.most += 10 * MOST;
        render();
      },
    },
    `show ${counted(rest, 'more difference')}`,
  );

const texts = new WeakMap<PageDifference, string>();
function textOf({ title }: PageGroup, difference: PageDifference): string {
  let text = texts.get(difference);
  if (text === undefined) {
    const { request, family, result } = difference;
    text = `${title} ${request} ${family ?? ''} ${JSON.stringify(result)}`.toLowerCase();
    texts.set(difference, text);
  }
  return text;
}

function groupOf(group: PageGroup, room: number): HTMLElement {
  return h(
    'section',
    { class: 'card group' },
    h(
      'div',
      { class: 'group-head' },
      h('h2', {}, breakable(group.title)),
      h('span', { class: 'muted' }, counted(group.differences.length, 'difference')),
    ),
    group.differences.slice(0, room).map(differenceOf),
  );
}

function differenceOf({ request, url, family, result, because }: PageDifference): HTMLElement {
  const sides = [0, 1].map((i) => {
    const place = because[i];
    return h(
      'div',
      { class: 'side' },
      h('p', { class: 'kicker' }, i === 0 ? 'before' : 'after'),
      answerOf({ result: result[i] as SimulationResult, trace: [] }),
      place ? sourceOf(place, data) : h('p', { class: 'muted no-rule' }, 'no rule'),
    );
  });
  markChanged(sides[0]!, sides[1]!);
  return h(
    'article',
    { class: 'difference', tabindex: -1, 'aria-label': request },
    h(
      'div',
      { class: 'asked' },
      h('code', {}, breakable(request)),
      h('button', { type: 'button', class: 'quiet-item', click: () => ask(url) }, 'ask both'),
    ),
    family !== undefined && h('p', { class: 'muted' }, family),
    h('div', { class: 'both' }, sides),
  );
}

function ask(request: PageDifference['url']): void {
  tester.element.setAttribute('open', '');
  tester.load(request);
  tester.element.scrollIntoView({ block: 'nearest' });
}

/** Rows of an answer that the other side has not, or has otherwise. */
function markChanged(a: HTMLElement, b: HTMLElement): void {
  const rows = (side: HTMLElement) =>
    new Map([...side.querySelectorAll('dt')].map((dt) => [dt.textContent!, dt.nextElementSibling as HTMLElement]));
  const [left, right] = [rows(a), rows(b)];
  for (const [mine, theirs] of [
    [left, right],
    [right, left],
  ] as const)
    for (const [name, dd] of mine)
      if (name !== 'decided by' && theirs.get(name)?.textContent !== dd.textContent) dd.classList.add('changed');
}

document.addEventListener('keydown', (event) => {
  const target = event.target as HTMLElement;
  if (searchKey(event, search)) return;
  if (event.key === 'Escape' && target === search) {
    search.value = state.query = '';
    render();
  } else if (target.matches('button.item')) listKey(event, target);
  else if (target === search && event.key === 'ArrowDown') list.querySelector<HTMLElement>('.difference')?.focus();
  else if (target.matches('.difference')) {
    const all = [...list.querySelectorAll<HTMLElement>('.difference')];
    const at = all.indexOf(target);
    const to = event.key === 'ArrowDown' ? all[at + 1] : event.key === 'ArrowUp' ? all[at - 1] : undefined;
    if (to) focusNode(to, all);
    else if (event.key === 'Enter') target.querySelector<HTMLElement>('button')?.click();
    else return;
    event.preventDefault();
  }
});

if (matchMedia('(max-width: 1000px)').matches) tester.element.removeAttribute('open');
render();
