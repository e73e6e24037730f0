// Ways in for people: per service its ways, one line each, and under it a request that takes it.

import {
  type Advice,
  append,
  counted,
  type GatewayRequest,
  type MatchedOrigin,
  portText,
  type RetiredMeshAdvice,
  type ServiceWays,
  takesDatagrams,
  type WayIn,
  type WaysIn,
} from '../model/index.js';
import { formatRequest, unknownText } from './result-text.js';
import type { Style } from './style.js';
import { visibleData } from './visible.js';
import { APPROACH, wayTitle } from './ways-in-words.js';

export function waysInText(ways: WaysIn, style: Style): string {
  const { services, datagrams = [], retired = [] } = visibleData(ways);
  const blocks = [
    ...services.map((s) => serviceText(s, style)),
    ...(datagrams.length > 0 ? [datagramsText(datagrams, style)] : []),
    ...retired.map((mesh) => retiredText(mesh, style)),
  ];
  if (services.length === 0) blocks.unshift(['no services in the files']);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const datagramsText = (objects: readonly MatchedOrigin[], style: Style): string[] => [
  `${style.bold('datagrams (UDP)')}  ${style.dim('not read: these objects are ways in too, and where to is not shown')}`,
  ...objects.map((object) => `  ${style.yellow('?')} ${object.resource}  ${style.dim(place(object))}`),
];

const retiredText = ({ name, was, ended, next, source, objects }: RetiredMeshAdvice, style: Style): string[] => [
  `${style.bold(name)}  ${style.dim(`has ended; ${counted(objects, 'object')} of the files ${objects === 1 ? 'is' : 'are'} for it`)}`,
  `  it was ${was}`,
  `  ${ended}`,
  `  next: ${next}`,
  style.dim(`  ${source}`),
];

function serviceText(service: ServiceWays, style: Style): string[] {
  const { name, type, kind, ports, ways, front, dead, advice, origin } = service;
  const about = [type ?? (kind === 'Service' ? '' : kind), ports.map((p) => p.port).join(', ')].filter((t) => t !== '');
  const lines = [`${style.bold(name)}  ${style.dim(about.join(' '))}${origin ? style.dim(`  ${place(origin)}`) : ''}`];
  if (front) lines.push(`  in front of ${front.join(', ')}: traffic to this Service enters that gateway`);
  const streams = ports.filter((port) => !takesDatagrams(port));
  if (ways.length === 0 && !front && (streams.length > 0 || ports.length === 0))
    lines.push(style.dim('  no way from outside'));
  for (const way of ways) append(lines, wayText(way, style));
  for (const port of ports.filter(takesDatagrams))
    lines.push(
      style.dim(`  · port ${port.port} takes ${port.protocol}: whether it is reachable from outside is not looked at`),
    );
  for (const port of streams)
    if (ways.length > 0 && port.ways === 0)
      lines.push(style.dim(`  · port ${port.port} is not reachable from outside`));
  for (const { rule, reason } of dead)
    lines.push(`  ${style.red('✗')} ${rule.resource} ${rule.path}: ${reason}  ${style.dim(place(rule))}`);
  if (advice) append(lines, adviceText(advice, style));
  return lines;
}

const place = (m: MatchedOrigin): string => `${m.file}:${m.line}`;

function wayText(way: WayIn, style: Style): string[] {
  const mark = way.reach === 'reached' ? style.green('✓') : style.yellow('?');
  const share = way.mirror ? ` mirror of ${way.weight} %` : way.weight < 100 ? ` ${way.weight} %` : '';
  const to = `:${portText(way.destination)}${way.destination.subset ? ` ${way.destination.subset}` : ''}`;
  const lines = [
    `  ${mark} ${wayTitle(way)} → ${to}${style.cyan(share)}  ${style.dim(`${way.rule.resource} ${place(way.rule)}`)}`,
  ];
  const detail = (label: string, items: readonly string[]) => {
    if (items.length > 0) lines.push(`      ${style.dim(label)} ${items.join('; ')}`);
  };
  detail('if', way.conditions);
  detail('from', way.sources ?? []);
  detail('policy', way.policies);
  detail('unknown', (way.unknown ?? []).map(unknownText));
  detail('on the way', way.changes);
  if (way.reach === 'undecided') detail('not shown:', [way.reason ?? '']);
  if (way.request) lines.push(style.dim(`      ${isBytes(way) ? bytesText(way.request) : requestText(way.request)}`));
  if (way.claims) lines.push(style.dim(`      with a token with the claims ${JSON.stringify(way.claims)}`));
  return lines;
}

const isBytes = ({ protocol }: WayIn): boolean => protocol === 'TCP' || protocol === 'TLS';

const bytesText = ({ port, source }: GatewayRequest): string =>
  `connect to port ${port}${source ? ` from ${source}` : ''}`;

function requestText(request: GatewayRequest): string {
  const headers = Object.entries(request.headers ?? {}).map(([k, v]) => ` -H '${k}: ${[v].flat().join(', ')}'`);
  return `${formatRequest(request)}${headers.join('')}${request.source ? ` from ${request.source}` : ''}`;
}

function adviceText({ approach, verdict, needs, missing, controllers, moves }: Advice, style: Style): string[] {
  const lines = [`  ${style.bold('→')} ${style.bold(APPROACH[approach])}: ${verdict}`];
  const shown = needs.filter((n) => n.feature !== 'load-balancing');
  if (shown.length > 0)
    lines.push(
      `      ${style.dim('needs')} ${shown.map((n) => (n.origin ? n.title : `${n.title} (required)`)).join(', ')}`,
    );
  for (const sentence of missing) lines.push(`      ${style.yellow('missing')} ${sentence}`);
  if (controllers.length > 0) append(lines, controllersText(controllers, needs, style));
  for (const { from, to, command, takes } of moves) {
    lines.push(`      ${style.dim('move')} ${from} to ${to}: ${takes}`);
    if (command) lines.push(style.dim(`           ${command}`));
  }
  return lines;
}

/** Who has all of it; of the others what is missing or limited (docs/controllers.md names the limits). */
function controllersText(controllers: Advice['controllers'], needs: Advice['needs'], style: Style): string[] {
  const titles = (features: readonly string[]): string =>
    features.map((feature) => needs.find((n) => n.feature === feature)?.title ?? feature).join(', ');
  const short = (text: string): string => text.replace(/ (?:\d|\(|with ).*$/, '');
  const lines: string[] = [];
  const whole = controllers.filter((c) => c.lacks.length + c.part.length + c.unknown.length === 0);
  if (whole.length > 0) lines.push(`      ${style.dim('all in')} ${whole.map((c) => short(c.title)).join(', ')}`);
  const others = controllers
    .filter((c) => !whole.includes(c))
    .map(({ title, lacks, part, unknown }) => {
      const said = [
        ...(lacks.length > 0 ? [`no ${titles(lacks)}`] : []),
        ...(part.length > 0 ? [`limited: ${titles(part.map(({ feature }) => feature))}`] : []),
        ...(unknown.length > 0 ? [`not looked up: ${titles(unknown)}`] : []),
      ];
      return `${short(title)} (${said.join('; ')})`;
    });
  if (others.length > 0) lines.push(`      ${style.dim('in part in')} ${others.join(', ')}`);
  return lines;
}
