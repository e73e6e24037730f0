// Draws architecture-light.svg and architecture-dark.svg: `npm run generate` (test/generated.test.ts). Each folder of
// src/ has a box.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dialects = readdirSync(join(root, 'src/dialects'), { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name);

const THEMES = {
  light: { text: '#1f2328', dim: '#59636e', line: '#818b98', box: '#ffffff', edge: '#d1d9e0', core: '#ddf4ff', coreEdge: '#0969da', base: '#f6f8fa' },
  dark: { text: '#f0f6fc', dim: '#9198a1', line: '#656c76', box: '#151b23', edge: '#3d444d', core: '#0c2d6b', coreEdge: '#4493f8', base: '#0d1117' },
};

/** What the model answers, by folder of src/. */
const QUESTIONS = [
  ['lint', 'is it what was meant?'],
  ['simulate', 'where does this request go, and why?'],
  ['diff', 'for which requests do two differ?'],
  ['convert', 'say it in another dialect'],
  ['ways-in', 'how does one get to each Service?'],
  ['serve', 'be that gateway, on this machine'],
];
/** What the others are built on. */
const GROUND = [
  ['regex', 'RE2: linear time, automata'],
  ['space', 'sets of requests, witnesses'],
  ['requests', 'request and exchange files'],
  ['tokens', 'JSON Web Tokens'],
  ['diagnostics', 'findings, exit codes'],
];

const WIDTH = 1180;
const TOP = 76;
const ROW = 54;
const HEIGHT = TOP + QUESTIONS.length * ROW + 118;
const MIDDLE = TOP + (QUESTIONS.length * ROW) / 2 - 8;

/** The picture as SVG; `theme` is light or dark. */
export function draw(theme) {
  const c = THEMES[theme];
  const out = [];
  const text = (x, y, words, { size = 14, fill = c.text, weight = 400, anchor = 'middle' } = {}) =>
    out.push(`<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${words}</text>`);
  const box = (x, y, w, h, name, lines, { fill = c.box, edge = c.edge, words = c.dim } = {}) => {
    out.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="8" fill="${fill}" stroke="${edge}"/>`);
    const first = y + h / 2 - lines.length * 9 + 5;
    text(x + w / 2, first, name, { weight: 600 });
    for (const [i, line] of lines.entries()) text(x + w / 2, first + 18 * (i + 1), line, { size: 12, fill: words });
  };
  const arrow = (x1, y1, x2, y2) =>
    out.push(`<path d="M${x1} ${y1} C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}" fill="none" stroke="${c.line}" stroke-width="1.5" marker-end="url(#head)"/>`);

  text(20, 34, 'meshgw: many dialects, one meaning, many questions', { size: 18, weight: 600, anchor: 'start' });
  text(20, 56, 'boxes are folders of src/', { size: 12, fill: c.dim, anchor: 'start' });

  const boxHeight = 76;
  const y = MIDDLE - boxHeight / 2;
  text(54, MIDDLE - 4, 'files,', { fill: c.dim });
  text(54, MIDDLE + 14, 'git, stdin', { fill: c.dim });
  arrow(98, MIDDLE, 122, MIDDLE);
  box(124, y, 128, boxHeight, 'sources', ['objects with', 'their positions']);
  arrow(252, MIDDLE, 276, MIDDLE);
  const dialectHeight = 76 + dialects.length * 26;
  const dialectTop = MIDDLE - dialectHeight / 2;
  out.push(`<rect x="278" y="${dialectTop}" width="164" height="${dialectHeight}" rx="8" fill="${c.box}" stroke="${c.edge}"/>`);
  text(360, dialectTop + 24, 'dialects', { weight: 600 });
  for (const [i, name] of dialects.entries()) {
    const at = dialectTop + 36 + i * 26;
    out.push(`<rect x="292" y="${at}" width="136" height="21" rx="5" fill="${c.base}" stroke="${c.edge}"/>`);
    text(360, at + 15, name, { size: 12 });
  }
  text(360, dialectTop + dialectHeight - 20, 'over resources and', { size: 12, fill: c.dim });
  text(360, dialectTop + dialectHeight - 6, 'implementations', { size: 12, fill: c.dim });
  arrow(442, MIDDLE, 466, MIDDLE);
  box(468, MIDDLE - 62, 176, 124, 'model', ['the effective gateway:', 'what the data plane does,', 'in its order, each part', 'with its origin'], { fill: c.core, edge: c.coreEdge, words: c.text });
  for (const [i, [name, words]] of QUESTIONS.entries()) {
    const top = TOP + i * ROW;
    arrow(644, MIDDLE, 680, top + 21);
    box(682, top, 250, 42, name, [words]);
    arrow(932, top + 21, 972, MIDDLE);
  }
  box(974, y, 186, boxHeight, 'report · page · lsp', ['text, JSON, SARIF, HTML,', 'a browser, an editor']);

  const ground = TOP + QUESTIONS.length * ROW + 26;
  const width = (WIDTH - 40 - (GROUND.length - 1) * 12) / GROUND.length;
  text(20, ground - 8, 'what they are built on', { size: 12, fill: c.dim, anchor: 'start' });
  for (const [i, [name, words]] of GROUND.entries()) box(20 + i * (width + 12), ground, width, 42, name, [words], { fill: c.base });
  text(20, HEIGHT - 14, 'cli and api: one call for each question · fixtures/truth: recorded answers of the real systems · test/real: the real systems, asked again', { size: 12, fill: c.dim, anchor: 'start' });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" role="img" aria-label="How data flows through meshgw">
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${c.line}"/></marker></defs>
<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="${theme === 'light' ? '#ffffff' : '#0d1117'}"/>
${out.join('\n')}
</svg>
`;
}

export const files = Object.keys(THEMES).map((theme) => [`architecture-${theme}.svg`, theme]);
