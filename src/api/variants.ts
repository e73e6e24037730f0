// Where answers depend on settings of the data plane that no file holds: the gateways of a dialect read in each way, and compared.

import type { ReadNote } from '../dialects/dialect.js';
import { readLoaded } from '../dialects/read-loaded.js';
import { readers } from '../dialects/readers.js';
import { formatResource, type GatewayDifference, type GatewayRequest, originOf, routesOf } from '../model/index.js';
import type { LoadedConfig } from './load.js';

/** Comparing more rules than this takes longer than all of lint: nothing is compared then, and a note tells it. */
const MOST_ROUTES = 400;
/** Differences that are shown of each way. */
const MOST_SHOWN = 3;

export async function variantNotes({ catalog, gateways, options }: LoadedConfig): Promise<readonly ReadNote[]> {
  const varying = readers().filter((dialect) => dialect.variants);
  if (varying.length === 0) return [];
  const { diffConfigs } = await import('../diff/index.js');
  return varying.flatMap((dialect): ReadNote[] => {
    const own = gateways.filter((gateway) => gateway.dialect === dialect.name);
    const variants = own.length > 0 ? (dialect.variants?.(options) ?? []) : [];
    const first = own.flatMap(routesOf)[0];
    if (variants.length === 0 || !first) return [];
    if (own.flatMap(routesOf).length > MOST_ROUTES)
      return [
        {
          code: variants[0]!.note,
          message: `whether answers differ with ${variants.map(({ title }) => title).join(' or ')} was not compared: more than ${MOST_ROUTES} rules`,
          origin: originOf(first.origin.resource),
        },
      ];
    return variants.flatMap(({ title, options: how, note }) => {
      const others = readLoaded(catalog, how).gateways.filter((gateway) => gateway.dialect === dialect.name);
      const { differences } = diffConfigs(own, others);
      return differences.slice(0, MOST_SHOWN).map(
        (difference, i): ReadNote => ({
          code: note,
          message: `${said(difference, title)}${i === MOST_SHOWN - 1 && differences.length > MOST_SHOWN ? `; and ${differences.length - MOST_SHOWN} more` : ''}`,
          origin: placeOf(difference, catalog.all) ?? first.origin,
          witness: difference.request,
        }),
      );
    });
  });
}

const said = ({ request, before, after }: GatewayDifference, title: string): string =>
  `${asked(request)}: ${answer(before)} becomes ${answer(after)} with ${title}`;

function asked({ method, scheme, host, path, headers }: GatewayRequest): string {
  const names = Object.keys(headers ?? {});
  return `${method} ${scheme}://${host}${path}${names.length > 0 ? ` with ${names.join(', ')}` : ''}`;
}

function answer({ status, destination }: GatewayDifference['before']): string {
  return destination ? `${status ?? 'bytes'} of ${destination.host}:${destination.port}` : `${status ?? 'no answer'}`;
}

/** The object whose rule answers, on either side. */
function placeOf({ because }: GatewayDifference, all: LoadedConfig['catalog']['all']) {
  const named = because.before ?? because.after;
  const resource = all.find((r) => formatResource(r) === named?.resource);
  return resource && originOf(resource);
}
