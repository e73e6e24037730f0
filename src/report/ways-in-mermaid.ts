// Ways in as a Mermaid flowchart: client → entry → host → rule → service.

import type { WayIn, WaysIn } from '../model/index.js';
import { wayName } from './ways-in-words.js';

export function waysInMermaid({ services }: WaysIn): string {
  const lines = ['flowchart LR', '  client((client))'];
  const ids = new Map<string, string>();
  const node = (key: string, text: string, shape: readonly [string, string]): string => {
    const known = ids.get(key);
    if (known) return known;
    const id = `n${ids.size}`;
    ids.set(key, id);
    lines.push(`  ${id}${shape[0]}"${escaped(text)}"${shape[1]}`);
    return id;
  };
  const edges = new Set<string>();
  const edge = (from: string, to: string, label = '', dotted = false) => {
    const arrow = dotted ? '-.->' : '-->';
    edges.add(`  ${from} ${arrow}${label ? `|"${escaped(label)}"|` : ''} ${to}`);
  };
  for (const service of services) {
    if (service.ways.length === 0) continue;
    const target = node(`service ${service.host}`, service.name, ['[(', ')]']);
    for (const way of service.ways) {
      const entry = node(`gateway ${way.kind} ${way.gateway}`, `${wayName(way)}\n${way.gateway}`, ['[', ']']);
      const port = node(`port ${way.kind} ${way.gateway} ${way.port} ${way.protocol}`, portText(way), ['([', '])']);
      edge('client', entry);
      edge(entry, port);
      const names = way.hosts.length > 0 ? way.hosts : (way.sni ?? []);
      const host =
        names.length > 0
          ? node(`host ${way.kind} ${way.gateway} ${way.port} ${names}`, hostText(names), ['{{', '}}'])
          : port;
      if (host !== port) edge(port, host);
      edge(host, target, labelOf(way), way.mirror === true);
    }
  }
  return `${[...lines, ...edges].join('\n')}\n`;
}

const portText = (way: WayIn): string => `${way.protocol} ${way.port ?? 'assigned by the cluster'}`;
const hostText = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join('\n')}\nand ${names.length - 3} more` : names.join('\n');

function labelOf({ path, conditions, weight, mirror, unknown }: WayIn): string {
  const share = mirror ? `mirror of ${weight} %` : weight < 100 ? `${weight} %` : '';
  const open = unknown ? `not predicted: ${unknown.map((u) => u.feature).join(', ')}` : '';
  return [path ?? '', ...conditions.slice(0, 2), share, open].filter((t) => t !== '').join('\n');
}

/** Mermaid takes entities `#quot;` inside of quotes; everything that it or HTML could read is written so. */
const escaped = (text: string): string =>
  text.replace(/[^\w\s./:,*()%=-]/gu, (c) => `#${c.codePointAt(0)};`).replaceAll('\n', '<br/>');
