// Objects of meshes that have ended: a TrafficSplit parts what goes to its root Service, and the advice names the mesh.
import { expect, test } from 'vitest';
import { meshgwIn } from './run-cli.js';

const FOLDER = 'fixtures/smi/split';
const inFolder = async (argv: readonly string[]) => {
  const { out, err } = await meshgwIn(process.cwd(), [...argv, '-f', FOLDER]);
  return { out, err };
};

test('a route to the root Service is split by weight, and the answer is said to assume the mesh', async () => {
  const { out, err } = await inFolder(['simulate', '-o', 'json', 'http://shop.example.com/']);
  const [answer] = [JSON.parse(out)].flat() as { split: { host: string; weight: number }[] }[];
  expect(answer!.split.map(({ host, weight }) => [host.split('.')[0], weight])).toEqual([
    ['web-v1', 90],
    ['web-v2', 10],
  ]);
  expect(`${out}${err}`).toContain('split by TrafficSplit shop/web, as if the gateway were in its mesh');
});

test('who may call is not predicted, and said where it counts', async () => {
  const { out } = await inFolder(['simulate', 'http://shop.example.com/api']);
  expect(out).toMatch(/not predicted: TrafficTarget shop\/api limits by service accounts/);
});

test('kinds of the mesh are known', async () => {
  const { out } = await inFolder(['lint']);
  expect(out).not.toMatch(/MGW000[0-9]|unknown kind/);
});

test('the weights are translated', async () => {
  for (const to of ['istio', 'gateway-api']) {
    const { out } = await inFolder(['convert', `ingress-to-${to}`, '--allow-loss']);
    expect(out).toMatch(/web-v1[\s\S]*weight: 90[\s\S]*web-v2[\s\S]*weight: 10/);
  }
});

test('the advice names the meshes that have ended, when, and what comes next', async () => {
  const { out } = await inFolder(['ways-in', '--advise']);
  expect(out).toMatch(/Traefik Mesh {2}has ended; 1 object of the files is for it[\s\S]*1\.4\.8 of 2022-08-19/);
  expect(out).toMatch(/Service Mesh Interface \(SMI\) {2}has ended; 3 objects[\s\S]*2023-10-03[\s\S]*HTTPRoute/);
  expect((await inFolder(['ways-in'])).out).not.toContain('has ended');
});
