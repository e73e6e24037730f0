// Of an annotation that the report calls without effect: the source means the same without it.
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import { diffConfigs } from '../src/diff/index.js';
import { routesOf } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { locate, parseSource } from '../src/sources/index.js';
import { configuration } from './convert/combinations.js';

const SEPARATOR = '\n---\n';
const translate = (text: string): Translation =>
  convert(catalogOf(parseSource('input.yaml', text).resources), { from: 'ingress', to: 'istio' }, writerOf, {}, {});

/** The text without the line of an annotation. */
function without(text: string, object: string, annotation: string): string {
  const documents = text.split(SEPARATOR).map((document) => {
    if (!document.includes(`  name: ${object}\n`)) return document;
    const lines = document.split('\n').filter((line) => !line.trim().startsWith(`${annotation}:`));
    return lines.filter((line, i) => line !== '  annotations:' || lines[i + 1]?.startsWith('    ')).join('\n');
  });
  return documents.join(SEPARATOR);
}

/** The controller closes an Ingress that is incomplete (`auth-type` without its Secret). */
const isRefused = ({ gateways }: Translation): boolean =>
  gateways
    .flatMap(routesOf)
    .some(({ action }) => action.kind === 'direct-response' && action.why?.includes('refuses every request'));

test('nothing that the report calls without effect changes what an Ingress of ingress-nginx means', () => {
  const first = Number(process.env.SEED ?? 1);
  const wrong: string[] = [];
  let asked = 0;
  for (let seed = first; seed < first + Number(process.env.COMBINATIONS ?? 50); seed++) {
    const text = configuration(seed);
    const { items, gateways } = translate(text);
    for (const { feature, message, origin } of items) {
      if (feature !== 'field.no-effect' || origin.path[0] !== 'metadata') continue;
      // It belongs to a mistake that closes the Ingress, and is the mistake as much as the other.
      if (message.startsWith('the controller refuses every request')) continue;
      asked++;
      const annotation = String(origin.path.at(-1));
      const other = translate(without(text, origin.resource.name, annotation));
      if (isRefused(other)) continue;
      const { equivalent } = diffConfigs(gateways, other.gateways, { locate });
      if (equivalent !== true) wrong.push(`${seed}: ${annotation} of ${origin.resource.name}`);
    }
  }
  expect(asked).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
}, 300_000);
