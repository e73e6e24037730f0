// On stderr: objects that a cluster would not take, though their answers are shown.

import type { LoadedConfig } from '../api/load.js';
import type { RefusedObject } from '../api/refused.js';
import { counted, formatResource, type SimulationResult } from '../model/index.js';
import { visible } from '../report/visible.js';
import { placeOf } from '../sources/index.js';
import type { Io } from './io.js';

/** Objects that are looked at; where there are more, those that the answers name. */
const MOST = 200;
/** Objects that are named. */
const SHOWN = 5;

/** `answers`: whose rules decided; absent: every object is looked at, however many there are. */
export async function sayRefused(
  { catalog }: Pick<LoadedConfig, 'catalog'>,
  io: Io,
  answers?: readonly SimulationResult[],
): Promise<void> {
  const { refusedObjects } = await import('../api/refused.js');
  const named = new Set(answers?.map(({ matched }) => matched?.resource));
  const all = !answers || catalog.all.length <= MOST;
  const found = await refusedObjects(all ? catalog.all : catalog.all.filter((r) => named.has(formatResource(r))));
  const [refused, unfilled] = [found.filter((o) => !o.placeholder), found.filter((o) => o.placeholder)];
  if (unfilled[0]) io.stderr.write(`note: ${visible(unfilledSentence(unfilled[0], unfilled.length - 1))}\n`);
  for (const object of refused.slice(0, SHOWN)) io.stderr.write(`warning: ${visible(sentence(object))}\n`);
  const more = refused.length - SHOWN;
  if (more > 0) io.stderr.write(`warning: … and ${counted(more, 'more object')}; meshgw lint names them\n`);
}

function sentence({ resource, findings }: RefusedObject): string {
  const [{ place, code, message }] = findings;
  const { file, line } = placeOf(place);
  const more = findings.length > 1 ? ` (and ${counted(findings.length - 1, 'more error')})` : '';
  return `${formatResource(resource)} would be refused by the API server or Istio's webhook; answers may count it all the same: ${file}:${line} ${message} ${code}${more}`;
}

function unfilledSentence({ placeholder, findings: [{ place }] }: RefusedObject, more: number): string {
  const { file, line } = placeOf(place);
  const others = more > 0 ? ` (and what stands in ${counted(more, 'more object')})` : '';
  return `${file}:${line} ${placeholder}${others} is for another tool to fill in: answers take it as it is written; name what is applied instead (-k DIR, --helm CHART)`;
}
