// What serve needs in one process and in several: the CA, the pages of the admin port, when to end.

import { join } from 'node:path';
import type { Authority, RouteTables } from '../../serve/index.js';
import type { Io } from '../io.js';
import type { ServeFlags } from './flags.js';
import type { Screen } from './screen.js';

/** What was asked for, and where it is shown. */
export interface About {
  readonly paths: readonly string[];
  readonly flags: ServeFlags;
  readonly options: {
    readonly listen: ReadonlyMap<number, number>;
    readonly upstreams: ReadonlyMap<string, readonly URL[]>;
  };
  readonly screen: Screen;
  readonly onBug: (error: unknown) => void;
}

/** Resolves when the user stops the gateway. */
export const stopSignal = (io: Io): Promise<void> => io.stopSignal?.() ?? new Promise<void>(() => undefined);

/** The file of the CA's certificate; undefined: it is in none. */
export const caFile = ({ caOut, caDir }: ServeFlags): string | undefined =>
  caOut ?? (caDir === undefined ? undefined : join(caDir, 'ca.crt'));

/** The CA that --ca-dir and --ca-out name; without them one is made when it is needed. */
export async function authorityOf({ caDir, caOut }: ServeFlags, io: Io): Promise<{ readonly authority?: Authority }> {
  if (caDir === undefined && caOut === undefined) return {};
  const [{ persistentAuthority }, { createAuthority }] = await Promise.all([
    import('./ca.js'),
    import('../../serve/index.js'),
  ]);
  const authority = caDir === undefined ? await createAuthority() : await persistentAuthority(caDir, io.cwd, io.now());
  if (caOut !== undefined) (await import('../../files/index.js')).writeUserFile(caOut, authority.cert, io);
  return { authority };
}

/** /routes of the admin port: what `meshgw routes` prints. */
export async function routeTables(): Promise<RouteTables> {
  const [{ routeTable }, { locate }, { routesText }, { styleFor }] = await Promise.all([
    import('../../diff/index.js'),
    import('../../sources/index.js'),
    import('../../report/routes.js'),
    import('../../report/style.js'),
  ]);
  return (gateway) => {
    const json = routeTable([gateway], { locate });
    return { json, text: routesText(json, styleFor(false)) };
  };
}
