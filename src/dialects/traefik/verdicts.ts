// What Traefik leaves out, disables or decides by chance, as notes: collected while routers are made.

import { formatResource, type GatewayRequest, type Origin } from '../../model/index.js';
import type { ReadNote } from '../dialect.js';
import type { Router } from './router.js';

export interface Verdicts {
  readonly notes: readonly ReadNote[];
  /** No router was made. `witness`: a request of its rule. */
  dropped(origin: Origin, why: string, witness?: GatewayRequest): void;
  /** A router was made and does not work. */
  disabled(router: Pick<Router, 'matchOrigin'>, why: string, witness?: GatewayRequest): void;
  warning(router: Pick<Router, 'matchOrigin'>, why: string): void;
  /** Two routers with one name: the later counts. */
  replaced(first: Router, by: Router): void;
  note(code: string, origin: Origin, message: string, witness?: GatewayRequest): void;
}

export function collectVerdicts(): Verdicts {
  const notes: ReadNote[] = [];
  const told = new Set<string>();
  const add = (code: string, origin: Origin, message: string, witness?: GatewayRequest): void => {
    const key = `${code}|${formatResource(origin.resource)}|${origin.path.join('/')}|${message}`;
    if (told.has(key)) return;
    told.add(key);
    notes.push({ code, message, origin, ...(witness ? { witness } : {}) });
  };
  return {
    notes,
    dropped: (origin, why, witness) => add('traefik-dropped', origin, `Traefik makes no router of it: ${why}`, witness),
    disabled: (router, why, witness) =>
      add('traefik-disabled', router.matchOrigin, `Traefik disables the router: ${why}`, witness),
    warning: (router, why) => add('traefik-warning', router.matchOrigin, `Traefik warns: ${why}`),
    note: add,
    replaced: (first, by) => {
      if (first.origin !== by.origin)
        add(
          'traefik-replaced',
          first.origin,
          'another rule of the object has the same match, and takes the place of this one',
        );
    },
  };
}
