// Rules of lint that look at a limited number of routes or hosts say which they left out.

import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { documents, gateway, virtualService } from '../src/lint/examples.js';
import { lintFindings } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: ["*"]',
);
const object = (name: string, host: string, paths: readonly string[]) =>
  virtualService(
    `hosts: [${host}]\ngateways: [shop]\nhttp:\n${paths.map((path) => `- match: [{uri: {prefix: ${path}}}]\n  route: [{destination: {host: web}}]`).join('\n')}`,
    name,
  );

async function undecided(code: string, ...texts: readonly string[]): Promise<string[]> {
  const sources = parseSource('a.yaml', documents(GATEWAY, ...texts));
  const catalog = catalogOf(sources.resources);
  const found = await lintFindings(
    { sources, catalog, ...readGateways(catalog) },
    { config: { rules: { MGW0154: 'info' } } },
  );
  return found.filter((d) => d.code === code && d.message.includes('not decided')).map((d) => d.message);
}

const paths = (n: number, of: string) => Array.from({ length: n }, (_, i) => `/${of}${i}/`);

test.each(['MGW0154', 'MGW0155'])('%s says which virtual host has too many routes', async (code) => {
  const two = (n: number) => [
    object('one', 'a.example.com', paths(n, 'a')),
    object('two', 'a.example.com', paths(100, 'b')),
  ];
  expect(await undecided(code, ...two(100))).toEqual([]);
  const [message, ...more] = await undecided(code, ...two(101));
  expect(message).toMatch(/ has 201 routes, at most 200 are compared with each other$/);
  expect(more).toEqual([]);
});

test.each(['MGW0154', 'MGW0155'])('%s says that it looked at the first hosts only', async (code) => {
  const hosts = (n: number) =>
    Array.from({ length: n }, (_, i) => [
      object(`a${i}`, `h${i}.example.com`, ['/a/']),
      object(`b${i}`, `h${i}.example.com`, ['/b/']),
    ]).flat();
  expect(await undecided(code, ...hosts(500))).toEqual([]);
  const [message, ...more] = await undecided(code, ...hosts(502));
  expect(message).toMatch(/this and later ones are 2 of 502 virtual hosts, at most 500 are looked at$/);
  expect(more).toEqual([]);
});
