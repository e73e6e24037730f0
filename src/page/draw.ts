// The map as SVG: nodes that are buttons, lines between them, the chosen way lit.

import { counted } from '../model/index.js';
import { s } from './element.js';
import { COLUMNS, type MapNode, type Way } from './graph.js';
import { columnLeft, type Line, NODE_HEIGHT, type Picture, type Shown, WIDTH } from './layout.js';
import { cut } from './words.js';

export interface Lit {
  readonly nodes: ReadonlySet<MapNode>;
  readonly ways: ReadonlySet<Way>;
}

export interface Hands {
  choose(shown: Shown): void;
}

/** Width of a character of the two lines, px. */
const TITLE_CHAR = 8.1;
const SUBTITLE_CHAR = 6.4;

export function drawMap(
  picture: Picture,
  lit: Lit | undefined,
  selected: string | undefined,
  hands: Hands,
): SVGSVGElement {
  const { shown, lines, width, height } = picture;
  const isLit = (ways: readonly Way[]) => lit !== undefined && ways.some((w) => lit.ways.has(w));
  const nodeLit = (node: Shown) => lit !== undefined && (isLit(node.ways) || (!node.fold && lit.nodes.has(node.node)));
  // The first node takes the tab key, the arrows do the rest.
  const focusable = shown.find((n) => n.id === selected)?.id ?? shown[0]?.id;
  return s(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: lit ? 'map has-lit' : 'map',
      role: 'group',
      'aria-label': 'map of the ways in; arrow keys move between nodes, Enter opens one',
      style: `--natural: ${width}px`,
    },
    COLUMNS.map((column) => s('text', { x: columnLeft(column), y: 20, class: 'column' }, column)),
    s(
      'g',
      { class: 'lines' },
      [...lines]
        .sort((a, b) => Number(isLit(a.ways)) - Number(isLit(b.ways)))
        .map((line) => drawLine(line, isLit(line.ways))),
    ),
    s(
      'g',
      { class: 'labels' },
      lines.filter((l) => l.label !== '').map((l) => drawLabel(l, lit === undefined || isLit(l.ways))),
    ),
    s(
      'g',
      { class: 'nodes' },
      shown.map((n) => drawNode(n, nodeLit(n), n.id === selected, n.id === focusable, hands)),
    ),
  );
}

const middle = (node: Shown): number => node.y + NODE_HEIGHT / 2;

function drawLine({ from, to, mirror, undecided }: Line, lit: boolean): SVGPathElement {
  const [x1, y1, x2, y2] = [from.x + WIDTH[from.column], middle(from), to.x, middle(to)];
  const bend = Math.max(18, Math.min(60, (x2 - x1) / 2));
  const classes = ['line', mirror && 'mirror', undecided && 'undecided', lit && 'lit'].filter(Boolean).join(' ');
  return s('path', { class: classes, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
}

/** Shares stand where the line leaves its route, one below the other, on a ground that keeps them legible. */
function drawLabel({ from, label, slot }: Line, lit: boolean): SVGGElement {
  const x = from.x + WIDTH[from.column] + 8;
  return s('g', { class: lit ? 'label' : 'label dim' }, s('text', { x, y: middle(from) + 4 + slot * 13 }, label));
}

function drawNode(n: Shown, lit: boolean, selected: boolean, focusable: boolean, hands: Hands): SVGGElement {
  const width = WIDTH[n.column];
  const worst = n.fold ? undefined : worstOf(n.node);
  const classes = [
    'node',
    n.column,
    lit && 'lit',
    selected && 'selected',
    n.fold && 'fold',
    n.node.idle && !n.fold && 'idle',
  ]
    .filter(Boolean)
    .join(' ');
  const room = width - 22 - (worst ? 16 : 0);
  const findings = n.fold ? 0 : n.node.findings.length;
  return s(
    'g',
    {
      class: classes,
      transform: `translate(${n.x} ${n.y})`,
      role: 'button',
      tabindex: focusable ? 0 : -1,
      'data-id': n.id,
      'aria-label': `${n.column} ${n.title}${n.subtitle ? `, ${n.subtitle}` : ''}${findings ? `, ${counted(findings, 'finding')}` : ''}`,
      'aria-pressed': selected ? 'true' : 'false',
      click: () => hands.choose(n),
    },
    s('title', {}, [n.title, n.subtitle].filter((t) => t !== '').join('\n')),
    s('rect', { width, height: NODE_HEIGHT, rx: 9, class: 'box' }),
    s('rect', { x: 0.5, y: 9, width: 3.5, height: NODE_HEIGHT - 18, rx: 1.75, class: 'mark' }),
    s('text', { x: 13, y: n.subtitle ? 18 : 26, class: 'title' }, cut(n.title, Math.floor(room / TITLE_CHAR))),
    n.subtitle !== '' &&
      s('text', { x: 13, y: 33, class: 'subtitle' }, cut(n.subtitle, Math.floor((width - 22) / SUBTITLE_CHAR))),
    worst && s('circle', { cx: width - 13, cy: 13, r: 4.5, class: `finding ${worst}` }),
  );
}

function worstOf({ findings }: MapNode): 'error' | 'warning' | 'info' | undefined {
  return (['error', 'warning', 'info'] as const).find((severity) => findings.some((f) => f.severity === severity));
}
