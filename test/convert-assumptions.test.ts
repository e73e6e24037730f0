// What a translation of one file takes for given, and where it is named: among the assumptions, or as an item of the report. The files
// are read here once more, by the words in them, so that what the readers pass over is found. All of a folder with CORPUS=folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, type LoadedConfig, load } from '../src/api/index.js';
import { ingressView } from './convert/ingress-documents.js';

const FOLDER = process.env.CORPUS ?? 'fixtures/convert-corpus';

/** Codes of assumptions and features of items that have to be there. */
function wanted(text: string): Set<string> {
  const found = new Set<string>();
  for (const ingress of ingressView(text)) {
    if (ingress.byNginx) found.add('ingress-nginx-configmap');
    if (ingress.guessed) found.add('ingress-class');
    if (ingress.unknown) found.add('ingress-class-unknown');
    if (ingress.namedPorts) found.add('destination.port-name');
    if (ingress.byNginx && ingress.authenticated) found.add('condition.external-auth');
    if (ingress.byNginx && ingress.bareTlsHosts) found.add('tls.default-certificate');
  }
  return found;
}

const namedBy = (config: LoadedConfig, to: 'istio' | 'gateway-api'): Set<string> =>
  new Set([
    ...config.assumptions.map((a) => a.code),
    ...convert(config, { from: 'ingress', to }).items.map((i) => i.feature),
  ]);

for (const to of ['istio', 'gateway-api'] as const)
  test(`${FOLDER} to ${to}: every assumption is named`, async () => {
    const counts = new Map<string, number>();
    const missing: string[] = [];
    for (const name of readdirSync(FOLDER).filter((n) => n.endsWith('.yaml'))) {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      const named = namedBy(await load({ file: name, text }), to);
      for (const code of wanted(text)) {
        counts.set(code, (counts.get(code) ?? 0) + 1);
        if (![...named].some((n) => n === code || n.startsWith(`${code}.`))) missing.push(`${name} ${code}`);
      }
    }
    if (process.env.CORPUS) console.log(to, Object.fromEntries(counts));
    expect(missing).toEqual([]);
    expect(counts.get('ingress-nginx-configmap')).toBeGreaterThan(5);
  }, 600_000);
