// The table of controllers: it knows every feature, each only once for a controller, and docs/controllers.md shows it.

import { expect, test } from 'vitest';
import { CONTROLLERS, RETIRED } from '../src/ways-in/controllers.js';
import { FEATURES } from '../src/ways-in/features.js';

test('the controllers name features that there are, each once', () => {
  const names = FEATURES.map(({ name }) => name);
  for (const { title, has, part, lacks } of CONTROLLERS) {
    const said = [...has, ...Object.keys(part), ...lacks];
    expect(
      said.filter((name) => !names.includes(name)),
      title,
    ).toEqual([]);
    expect(said.length, title).toBe(new Set(said).size);
  }
  expect(CONTROLLERS).toHaveLength(9);
});

test('docs/controllers.md is the table', async () => {
  await expect(page()).toMatchFileSnapshot('../docs/controllers.md');
});

function page(): string {
  const notes: string[] = [];
  const cell = ({ has, part, lacks }: (typeof CONTROLLERS)[number], feature: string): string => {
    if (has.includes(feature)) return '✓';
    const limit = part[feature];
    if (limit === undefined) return lacks.includes(feature) ? '–' : '?';
    if (!notes.includes(limit)) notes.push(limit);
    return `(${notes.indexOf(limit) + 1})`;
  };
  const short = (title: string): string => title.replace(/ (?:\d|\(|with ).*$/, '');
  const rows = FEATURES.map(
    ({ name, title }) => `| ${title} (\`${name}\`) | ${CONTROLLERS.map((c) => cell(c, name)).join(' | ')} |`,
  );
  return `# What nine controllers have

\`meshgw ways-in --advise\` compares this table with what each service of your files uses. ✓: it has it. A number: with the limit below. –: it does not have it. ?: nobody looked it up. Extensions that one writes oneself (Lua, WebAssembly, snippets) count only where a limit says so. The data stand in \`src/ways-in/controllers.ts\`.

| | ${CONTROLLERS.map(({ title }) => short(title)).join(' | ')} |
|---|${CONTROLLERS.map(() => '---').join('|')}|
${rows.join('\n')}

${notes.map((note, i) => `${i + 1}. ${note}`).join('\n')}

## Where it is written

Controllers that meshgw reads: what its own pages say was recorded from the real system or read in its source. The others: the pages of their makers, as they were in the month that is named.

${CONTROLLERS.map(({ title, sources }) => `- ${title}: ${sources.map(({ url, read }) => `${link(url)} (${read})`).join(', ')}`).join('\n')}

## Given up by their makers

${RETIRED.map(({ title, state, instead, source }) => `- ${title} ${state}; ${instead} (${link(source.url)}, ${source.read})`).join('\n')}
`;
}

const link = (url: string): string => (url.startsWith('docs/') ? `[${url}](${url.slice('docs/'.length)})` : `<${url}>`);
