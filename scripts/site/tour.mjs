// The two-minute tour as an animated picture of a terminal: an SVG whose CSS shows one command after the other, typed, with the output
// that it really has. test/site.test.ts keeps docs/images/tour.svg true; `UPDATE_README=1 npx vitest run test/site.test.ts` makes it anew.

/** What is shown: a remark, and the command. Outputs that are longer than the window are cut, and say so. */
export const TOUR = [
  ['Two configurations that claim to do the same. What is wrong with them?', 'lint fixtures/article'],
  [
    'Where does this request go, and why?',
    'simulate -f fixtures/article/gateway.yaml http://httpbin.example.com/statuses --trace',
  ],
  [
    'Do both answer every request alike? A proof, or a request that shows the difference:',
    'diff fixtures/article/ingress.yaml fixtures/article/gateway.yaml',
  ],
  [
    'The Ingress in words of Istio, proven equal:',
    'convert ingress-to-istio -f fixtures/article/ingress.yaml --verify',
  ],
  ['Every way in to each service:', 'ways-in -f fixtures/article'],
];

const COLUMNS = 108;
const ROWS = 25;
const CHAR = 7.3;
const LINE = 18;
const PAD = 16;
/** Seconds: a character typed, a line printed, time to read a line, a screen at least. */
const TYPED = 0.04;
const PRINTED = 0.06;
const READ = 0.55;
const LEAST = 7;

/** @param {readonly {remark: string, command: string, output: string}[]} steps `output` with colours of ANSI @returns {string} */
export function tourSvg(steps) {
  const screens = [];
  let at = 0;
  for (const { remark, command, output } of steps) {
    const lines = fitted(output);
    const typed = 0.8 + (command.length + 9) * TYPED;
    const length = Math.max(LEAST, typed + lines.length * (PRINTED + READ));
    screens.push({ remark, command: `$ meshgw ${command}`, lines, start: at, typed, length });
    at += length;
  }
  const [width, height] = [Math.round(COLUMNS * CHAR + 2 * PAD), (ROWS + 3) * LINE + 2 * PAD + 24];
  const rules = [];
  const drawn = screens.map((screen, i) => screenOf(screen, i, at, rules));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="meshgw in a terminal: ${steps.map((s) => escaped(s.command.split(' ')[0])).join(', ')}">
<style>
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dbe5; white-space: pre; }
.r { fill: #8b98ab; font-style: italic; } .c { fill: #ffffff; font-weight: 600; }
.b { font-weight: 700; fill: #ffffff; } .d { fill: #8b98ab; } .red { fill: #ff8787; } .green { fill: #69db7c; } .yellow { fill: #ffc078; } .blue { fill: #74c0fc; } .cyan { fill: #66d9e8; }
.s { opacity: 0; animation: ${at.toFixed(1)}s step-end infinite; } .l { opacity: 0; animation: ${at.toFixed(1)}s step-end infinite; }
${rules.join('\n')}
@media (prefers-reduced-motion: reduce) { .s, .l, .cover { animation: none; } .s2, .s2 .l { opacity: 1; } .cover { display: none; } }
</style>
<clipPath id="window"><rect width="${width}" height="${height}" rx="10"/></clipPath>
<g clip-path="url(#window)">
<rect width="${width}" height="${height}" fill="#161b24"/>
<circle cx="20" cy="16" r="5" fill="#ff6b6b"/><circle cx="38" cy="16" r="5" fill="#ffd43b"/><circle cx="56" cy="16" r="5" fill="#51cf66"/>
${drawn.join('\n')}
</g>
</svg>
`;
}

function screenOf({ remark, command, lines, start, typed, length }, i, total, rules) {
  const share = (seconds) => `${((100 * seconds) / total).toFixed(2)}%`;
  const shown = (name, from) =>
    `@keyframes ${name} { 0% { opacity: ${from === 0 ? 1 : 0}; } ${share(from)} { opacity: 1; } ${share(start + length)} { opacity: 0; } }`;
  rules.push(shown(`s${i}`, start), `.s${i} { animation-name: s${i}; }`);
  const y = (row) => 24 + PAD + (row + 1) * LINE;
  const cover = COLUMNS * CHAR;
  rules.push(
    `@keyframes t${i} { 0%, ${share(start + 0.8)} { transform: translateX(0); } ${share(start + typed)}, 100% { transform: translateX(${(command.length * CHAR + 10).toFixed(0)}px); } }`,
    `.t${i} { animation: t${i} ${total.toFixed(1)}s steps(${command.length}) infinite; }`,
  );
  const out = lines.map((line, row) => {
    const name = `l${i}-${row}`;
    rules.push(shown(name, start + typed + 0.3 + row * PRINTED), `.${name} { animation-name: ${name}; }`);
    return `<text class="l ${name}" x="${PAD}" y="${y(row + 2)}" xml:space="preserve">${spansOf(line)}</text>`;
  });
  return `<g class="s s${i}"><text class="r" x="${PAD}" y="${y(0)}"># ${escaped(remark)}</text><text class="c" x="${PAD}" y="${y(1)}" xml:space="preserve">${escaped(command)}</text><rect class="cover t${i}" x="${PAD}" y="${y(0) + 4}" width="${cover}" height="${LINE}" fill="#161b24"/>
${out.join('\n')}</g>`;
}

/** Lines that the window holds: of a longer output the beginning and the end. */
function fitted(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= ROWS) return lines;
  const left = lines.length - (ROWS - 1);
  return [...lines.slice(0, ROWS - 1 - TAIL), `\u001b[2m… ${left} more lines\u001b[22m`, ...lines.slice(-TAIL)];
}
const TAIL = 5;

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);
const CODES = new RegExp(`^${ESCAPE}\\[([\\d;]*)m$`);
const CLASSES = { 1: 'b', 2: 'd', 31: 'red', 32: 'green', 33: 'yellow', 34: 'blue', 36: 'cyan' };

/** A line with the colours of ANSI as spans, cut at the window's edge. */
function spansOf(line) {
  let column = 0;
  let classes = [];
  let out = '';
  for (const part of line.split(COLOUR)) {
    const codes = CODES.exec(part);
    if (codes) {
      for (const code of codes[1].split(';')) {
        if (CLASSES[code]) classes = [...classes, CLASSES[code]];
        else if (code === '22') classes = classes.filter((c) => c !== 'b' && c !== 'd');
        else if (code === '39') classes = classes.filter((c) => c === 'b' || c === 'd');
        else classes = [];
      }
      continue;
    }
    const room = COLUMNS - column;
    const text = part.length > room ? `${part.slice(0, Math.max(0, room - 1))}…` : part;
    column += part.length;
    if (text === '' || room <= 0) continue;
    out += classes.length > 0 ? `<tspan class="${classes.join(' ')}">${escaped(text)}</tspan>` : escaped(text);
  }
  return out;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
