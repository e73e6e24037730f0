// The tables of README.md and docs/scale.md, made of what the benchmarks wrote (results.ts).

import type { Part, Results, Row } from './results.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const of = (row: Row, key: string): number => Number(row[key]);
const has = (row: Row, key: string): boolean => row[key] !== undefined;
const count = (n: number): string => Math.round(n).toLocaleString('en-US');
const seconds = (value: number): string => `${value.toFixed(value < 1 ? 2 : 1)} s`;
const megabytes = (value: number): string => `${count(value)} MB`;
const times = (a: number, b: number): string => (b > 0 ? `${(a / b).toFixed(a / b < 1 ? 2 : 1)}` : '');
/** CPU and, in brackets, the clock. */
const both = (row: Row, cpu: string, wall: string): string =>
  has(row, cpu) ? `${seconds(of(row, cpu))} (${of(row, wall).toFixed(1)})` : '';

/** Machine, date and load of these parts. */
function circumstances(parts: readonly Part<Row>[]): string {
  const machines = [...new Set(parts.map((p) => p.machine))].join('; ');
  const days = [...new Set(parts.map((p) => p.when.slice(0, 10)))].sort().join(' and ');
  const loads = parts.flatMap((p) => [p.load.before, p.load.after]);
  return `${machines}, ${days}, at load ${Math.min(...loads)} to ${Math.max(...loads)}`;
}

const lintTable = ({ rows }: Part<Row>): string =>
  table(
    [
      'shape',
      'text',
      'js-yaml alone',
      '`lint`',
      'times the parse',
      'memory',
      'growth to twice the size',
      '`istioctl analyze`',
    ],
    rows.map((r) => [
      String(r.shape),
      `${r.text} MB`,
      both(r, 'yamlCpu', 'yamlWall'),
      both(r, 'lintCpu', 'lintWall'),
      times(of(r, 'lintCpu'), of(r, 'yamlCpu')),
      megabytes(of(r, 'lintMegabytes')),
      has(r, 'twiceCpu')
        ? `${times(of(r, 'twiceCpu'), of(r, 'lintCpu'))} times, ${megabytes(of(r, 'twiceMegabytes'))}`
        : '',
      both(r, 'istioctlCpu', 'istioctlWall'),
    ]),
  );

function serveTable({ rows }: Part<Row>): string {
  const envoyOf = (row: Row): Row | undefined => rows.find((r) => r.title === row.title && r.name === 'envoy');
  const beside = (row: Row, key: string): string => {
    const envoy = envoyOf(row);
    return envoy && envoy !== row ? ` (${times(of(row, key), of(envoy, key))})` : '';
  };
  return table(
    ['one worker each', 'program', 'requests/s (times Envoy)', 'p99, of HTTP/2 the slowest', 'CPU of a request'],
    rows.map((r, i) => [
      rows[i - 1]?.title === r.title ? '' : String(r.title),
      r.name === 'meshgw' ? '`meshgw serve`' : String(r.name),
      `${count(of(r, 'perSecond'))}${beside(r, 'perSecond')}`,
      `${of(r, 'p99').toFixed(1)} ms${beside(r, 'p99')}`,
      `${of(r, 'cpu').toFixed(0)} µs${beside(r, 'cpu')}`,
    ]),
  );
}

function decisions({ rows }: Part<Row>): string {
  const ten = rows.find((r) => r.name === '10 routes')!;
  return table(
    ['routes of one host', 'decisions/s on one core', 'cost, times that of 10', 'Envoy, end to end: times that of 10'],
    rows.map((r) => [
      String(r.name === 'article' ? "the article's configuration" : r.name),
      count(of(r, 'perSecond')),
      r.name === 'article' ? '' : times(of(ten, 'perSecond'), of(r, 'perSecond')),
      has(r, 'envoy') && has(ten, 'envoy') ? times(of(ten, 'envoy'), of(r, 'envoy')) : '',
    ]),
  );
}

const startUp = ({ rows }: Part<Row>): string =>
  table(
    ['start-up', 'CPU (by the clock)', 'times', 'memory'],
    rows.map((r) => [
      `\`${r.command}\``,
      both(r, 'cpu', 'wall'),
      times(of(r, 'cpu'), of(rows[0]!, 'cpu')),
      megabytes(of(r, 'megabytes')),
    ]),
  );

/** Commands as columns, a row for each shape; in brackets, how many times the parse. */
function byShape({ rows }: Part<Row>): string {
  const commands = [...new Set(rows.map((r) => String(r.command)))].filter((c) => c !== 'js-yaml');
  const find = (shape: string, command: string) => rows.find((r) => r.shape === shape && r.command === command);
  return table(
    ['shape', 'js-yaml', ...commands.map((c) => `\`${c}\``)],
    [...new Set(rows.map((r) => String(r.shape)))].map((shape) => {
      const yaml = find(shape, 'js-yaml');
      return [
        shape,
        yaml ? seconds(of(yaml, 'cpu')) : '',
        ...commands.map((command) => {
          const row = find(shape, command);
          if (!row) return 'not measured';
          const parses = yaml ? ` (${times(of(row, 'cpu'), of(yaml, 'cpu'))})` : '';
          return `${seconds(of(row, 'cpu'))}${parses}, ${megabytes(of(row, 'megabytes'))}`;
        }),
      ];
    }),
  );
}

const byCommand = (rows: readonly Row[]): string =>
  table(
    ['command', 'shape', 'CPU (by the clock)', 'memory'],
    rows.map((r) => [
      r.command === 'js-yaml' ? '(js-yaml reads the file)' : `\`${r.command}\``,
      String(r.shape),
      both(r, 'cpu', 'wall'),
      megabytes(of(r, 'megabytes')),
    ]),
  );

const again = ({ rows }: Part<Row>): string =>
  table(
    ['objects', 'shape', '`lint --watch`, language server', '`serve --watch`'],
    rows.map((r) => [
      count(of(r, 'objects')),
      String(r.shape),
      `${count(of(r, 'lint'))} ms`,
      `${count(of(r, 'serve'))} ms`,
    ]),
  );

/** A heading, circumstances and a table of each part; of a part that was not measured, that. */
function sections(
  results: Results,
  list: readonly (readonly [title: string, parts: readonly string[], show: (...parts: Part<Row>[]) => string])[],
): string {
  return list
    .map(([title, names, show]) => {
      const parts = names.map((name) => results[name]).filter((p) => p !== undefined);
      if (parts.length < names.length) return `**${title}**: not measured.`;
      return `**${title}** (${circumstances(parts)}):\n\n${show(...parts)}`;
    })
    .join('\n\n');
}

/** Objects of the rows of a part. */
const size = (results: Results, part: string): string => count(of(results[part]?.rows[0] ?? { objects: 0 }, 'objects'));

/** Of README.md. */
export const readmeTables = (results: Results): string =>
  sections(results, [
    [
      `\`lint\` of ${size(results, 'lint')} objects of ten rules and as many Services, from a cold start`,
      ['lint'],
      lintTable,
    ],
    ['`serve` beside others', ['serve'], serveTable],
    ['Decisions', ['decide'], decisions],
    ['A small file', ['startup'], startUp],
  ]);

/** Of docs/scale.md. */
export const scaleTables = (results: Results): string =>
  sections(results, [
    [
      `${size(results, 'scale')} hosts of ten routes, as many Services, one file`,
      ['scale', 'serve start'],
      (scale, serve) => byCommand([...scale!.rows, ...serve!.rows]),
    ],
    [`\`lint\` of ${size(results, 'lint')} objects, and of twice as many`, ['lint'], lintTable],
    [
      `Every shape, ${size(results, 'shapes')} objects of ten rules and as many Services: CPU, in brackets how many times js-yaml's parse of one side, and memory`,
      ['shapes'],
      byShape,
    ],
    [`${size(results, 'one host')} Ingresses of ingress-nginx on one host`, ['one host'], byShape],
    ['After one file of a folder changed, CPU of a look', ['again'], again],
  ]);
