// How much of the configuration that Envoy Gateway publishes as expected output of its own translator meshgw reads: listeners, routes and
// clusters of internal/xds/translator/testdata/out/xds-ir, read from the Go module, each case as one Envoy.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGateways } from '../../../src/dialects/read.js';
import { recogniseDocument } from '../../../src/dialects/registry.js';
import {
  formatPath,
  holderOf,
  type Origin,
  routesOf as routesOfGateway,
  type Unsupported,
} from '../../../src/model/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { parseSource } from '../../../src/sources/index.js';
import { goModule } from '../go-program.js';

const ROUTES = '.routes.yaml';
const TABLES = 'internal/xds/translator/testdata/out/xds-ir';

/** Percent of the routes that have to be read. */
const LEAST = 98;
/** What is not read of a match, an action or headers; other unknowns are filters that run for the route, by name. */
const OF_ROUTE = /^route\./;

/** Prints how many routes are read; those of the rest, by name. */
export async function checkTables(): Promise<boolean> {
  const routes = routesIn(join(goModule('envoy-gateway', 'github.com/envoyproxy/gateway'), TABLES));
  const [of, filtered] = [OF_ROUTE, /^(?!route\.)/].map((which) =>
    routes.filter((r) => r.unknowns.some((u) => which.test(u))),
  );
  const read = (100 * (routes.length - of!.length)) / routes.length;
  const whole = routes.filter(({ unknowns }) => unknowns.length === 0).length;
  console.log(
    `${routes.length} routes: ${routes.length - of!.length} read (${read.toFixed(2)} %), ${filtered!.length} with filters that are not predicted, ${whole} with neither`,
  );
  const counts = new Map<string, number>();
  for (const what of routes.flatMap((r) => [...new Set(r.unknowns)])) counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const [what, count] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`  ${count} ${what}`);
  return read >= LEAST;
}

interface RouteFound {
  /** Feature and detail of what is unknown of it. */
  readonly unknowns: readonly string[];
}

const routesIn = (folder: string): RouteFound[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ROUTES))
    .flatMap((file) => routesOf(folder, file.slice(0, -ROUTES.length)));

/** Every route that the files hold, with the unknowns about it alone: those of its match, its action and its headers. */
function routesOf(folder: string, name: string): RouteFound[] {
  const resources = ['listeners', 'routes', 'clusters'].flatMap((part, order) => {
    const file = join(folder, `${name}.${part}.yaml`);
    const { resources: own } = parseSource(file, readFileSync(file), undefined, recogniseDocument);
    return own.map((r) => ({ ...r, order: order * 10_000 + r.order }));
  });
  const { gateways } = readGateways(catalogOf(resources));
  const unsupported = gateways.flatMap((g) => g.unsupported);
  const reached = gateways.flatMap((g) => routesOfGateway(g).map(({ origin }) => origin));
  return resources
    .filter(({ kind }) => kind === 'RouteConfiguration')
    .flatMap((resource) => {
      const hosts = list(resource.object, 'virtualHosts');
      return hosts.flatMap((host, i) =>
        list(host, 'routes').map((_, j) => {
          const place = formatPath(['virtualHosts', i, 'routes', j]);
          const about = unsupported.filter(({ origin }) => isWithin(origin, resource, place));
          const isThere = reached.some((origin) => isWithin(origin, resource, place));
          return {
            unknowns: isThere ? about.map(words) : ['route.unreached: no listener leads to it', ...about.map(words)],
          };
        }),
      );
    });
}

const words = ({ feature, detail }: Unsupported): string => `${feature}: ${detail}`;

const isWithin = ({ resource, path }: Origin, holder: unknown, place: string): boolean => {
  const own = formatPath(path);
  return holderOf(resource) === holder && (own === place || own.startsWith(`${place}.`));
};

const list = (value: unknown, key: string): readonly unknown[] => {
  const found = (value as Record<string, unknown> | null)?.[key];
  return Array.isArray(found) ? found : [];
};
