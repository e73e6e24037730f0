// The Gateway is taken out of each recorded case: nothing that is left is called equal or verified, and nothing crashes. Every eighth
// case; MESHGW_FULL=1 takes all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, diff, lint, load, routes } from '../src/api/index.js';
import { CannotRunError } from '../src/diagnostics/index.js';

const EVERY = process.env.MESHGW_FULL ? 1 : 8;

function cases(folder: string): string[] {
  if (existsSync(join(folder, 'exchanges.json'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .flatMap((e) => cases(join(folder, e.name)))
    .sort();
}

const isGateway = (document: string): boolean => /^kind: Gateway$/m.test(document);
const names = (document: string): boolean => /^kind: (VirtualService|HTTPRoute|GRPCRoute)$/m.test(document);

test('a Gateway that is elsewhere', async () => {
  let translated = 0;
  let compared = 0;
  for (const folder of cases('fixtures/truth/istio').filter((_, i) => i % EVERY === 0)) {
    const documents = readFileSync(join(folder, 'input.yaml'), 'utf8').split(/^---\n/m);
    if (!documents.some(isGateway) || !documents.some(names)) continue;
    const read = (list: readonly string[]) => load({ file: 'input.yaml', text: list.join('---\n') });
    const [whole, without] = [await read(documents), await read(documents.filter((d) => !isGateway(d)))];
    expect(diff(whole, without).equivalent, folder).not.toBe(true);
    expect(diff(without, whole).equivalent, folder).not.toBe(true);
    expect(diff(without, without).equivalent, `${folder}: the same on both sides`).toBe(true);
    compared++;
    routes(without);
    await lint(without);
    for (const [from, to] of [
      ['istio', 'gateway-api'],
      ['gateway-api', 'istio'],
    ] as const) {
      try {
        const { items, objects, verified } = convert(without, { from, to, verify: true });
        expect(verified?.equivalent, `${folder}: ${from}-to-${to}`).not.toBe(true);
        const said = items.some((i) => i.severity === 'refused');
        expect(objects.length > 0 || said, `${folder}: ${from}-to-${to} wrote nothing and refused nothing`).toBe(true);
        translated++;
      } catch (error) {
        if (!(error instanceof CannotRunError)) throw error;
      }
    }
  }
  expect(Math.min(translated, compared)).toBeGreaterThan(5);
  if (process.env.MESHGW_FULL) console.log(`${compared} cases compared, ${translated} translations`);
}, 3_600_000);

test('convert refuses the routes of a missing Gateway, and translates them where it is assumed', async () => {
  const text = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  gateways: [infra/public]
  http: [{route: [{destination: {host: shop, port: {number: 80}}}]}]
`;
  const alone = convert(await load({ file: 'a.yaml', text }), { from: 'istio', to: 'gateway-api', verify: true });
  expect(alone.items.filter((i) => i.severity === 'refused')).toMatchObject([
    { feature: 'gateway.missing', message: expect.stringContaining('--assume-gateway infra/public') },
  ]);
  const assumed = await load({ file: 'a.yaml', text }, { assumedGateways: [{ namespace: 'infra', name: 'public' }] });
  const there = convert(assumed, { from: 'istio', to: 'gateway-api' });
  expect(there.items.some((i) => i.feature === 'gateway.missing')).toBe(false);
  expect(there.yaml).toContain('shop.example.com');
});

test('a translation of routes that no gateway carries is not verified', async () => {
  const virtualService = (gateways: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  ${gateways}
  http: [{route: [{destination: {host: shop, port: {number: 80}}}]}]
`;
  const prove = async (gateways: string, options = {}) =>
    convert(await load({ file: 'a.yaml', text: virtualService(gateways) }, options), {
      from: 'istio',
      to: 'gateway-api',
      verify: true,
    }).verified;
  // Nothing was written and nothing refused: the empty output is not announced.
  expect(await prove('')).toMatchObject({ equivalent: 'undecided', unannounced: 1 });
  expect(await prove('gateways: [infra/public]')).toMatchObject({ equivalent: 'undecided', unannounced: 0 });
  const assumedGateways = [{ namespace: 'infra', name: 'public' }];
  expect(await prove('gateways: [infra/public]', { assumedGateways })).toMatchObject({ equivalent: true });
});
