// Where nothing of a gateway takes a request: what the readers left out of the files for its host.

import type { ReadNote } from '../dialects/dialect.js';
import { formatResource, type GatewayRequest, type SimulationResult } from '../model/index.js';
import { locate } from '../sources/index.js';

/** Notes that are named. */
const MOST = 3;

/** undefined: a rule decided, or nothing was left out for this host. */
export function leftOutHint(
  { status, destination, matched, connection }: SimulationResult,
  request: GatewayRequest,
  notes: readonly ReadNote[],
): string | undefined {
  if (destination || matched || (connection === undefined && status !== 404)) return undefined;
  const name = request.host.replace(/:\d+$/, '').toLowerCase();
  const found = notes.filter(({ hosts }) => hosts?.some((host) => takes(host.toLowerCase(), name)));
  if (found.length === 0) return undefined;
  const more = found.length > MOST ? `; and ${found.length - MOST} more (meshgw lint)` : '';
  return `left out for this host: ${found.slice(0, MOST).map(sentence).join('; ')}${more}`;
}

function sentence({ message, origin }: ReadNote): string {
  const { file, line } = locate(origin);
  return `${formatResource(origin.resource)} (${file}:${line}): ${message.replace(/\.$/, '')}`;
}

const takes = (host: string, name: string): boolean =>
  host === '*' || host === name || (host.startsWith('*.') && name.endsWith(host.slice(1)));
