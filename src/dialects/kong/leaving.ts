// What is lost when Kong gives way to Envoy and no field of the model says: what Kong's router and the nginx below it do by themselves.

import { literalText, own, type Route } from '../../model/index.js';
import { type Leaving, TLS_NAMES } from '../leaving.js';

const redirectsToHttps = (routes: readonly Route[]): boolean =>
  routes.some((r) => r.action.kind === 'redirect' && r.action.host === undefined);

const testsHeaders = (routes: readonly Route[]): boolean =>
  routes.some((r) => r.match.headers.some(({ name }) => !name.startsWith(':')));

/** A value that is nothing, or may be. */
const setsEmptyHeaders = (routes: readonly Route[]): boolean =>
  routes.some(({ requestHeaders: ops }) =>
    [...(ops?.set ?? []), ...(ops?.add ?? [])].some(([, value]) => value === '' || literalText(value) === undefined),
  );

const forwards = (routes: readonly Route[]): boolean => routes.some((r) => r.action.kind === 'forward');

const READ_TIMEOUT =
  'Kong ends an answer that pauses for longer; a route of the target has no limit between two reads, and one for the whole answer would cut off downloads and streams';

/** How endpoints are chosen, where the target does it otherwise. */
function algorithmLoss(algorithm: string | undefined, hashed: string | undefined): ReturnType<typeof setting> {
  const lost = (message: string) => ({ key: 'delivery.setting', message }) as const;
  switch (algorithm) {
    case 'round-robin':
      return undefined;
    case 'least-connections':
      return lost('of two endpoints the one with fewer active requests is chosen, not the one with the fewest of all');
    case 'latency':
      return lost('the endpoint with fewer active requests is chosen, not the one with the lowest recent latency');
    case 'consistent-hashing':
      return hashed === undefined ? lost('nothing is hashed: requests are not bound to endpoints') : undefined;
    default:
      return lost(`the algorithm ${algorithm} is left to Envoy`);
  }
}

/** Undefined: a DestinationRule or the route says it, or what is lost has an item of its own. */
const setting: NonNullable<Leaving['setting']> = (name, { hash, other }) => {
  const lost = (message: string) => ({ key: 'delivery.setting', message }) as const;
  switch (name) {
    case 'read-timeout':
      return { key: 'delivery.read-timeout', message: READ_TIMEOUT };
    case 'write-timeout':
      return lost('Envoy has no time limit between two writes to the destination');
    case 'algorithm':
      return algorithmLoss(own(other, 'algorithm'), own(other, 'hashOn'));
    case 'hashOn':
      return hash ? undefined : lost(`Envoy cannot hash ${own(other, 'hashOn')}: requests are not bound to endpoints`);
    case 'hashOnFallback':
      return lost('a request without the value that is hashed goes to any endpoint: there is no second value');
    case 'slots':
      return lost('the size of the ring is left to Envoy');
    case 'stickySessions':
      return lost('clients are not bound to endpoints by a cookie of Kong');
    default:
      return undefined;
  }
};

export const leaving: Leaving = {
  setting,
  engine: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'Kong matches the decoded path with repeated slashes merged and forwards it escaped again; Envoy keeps slashes and escapes: requests with %-escapes, // or /../ may be answered differently',
      elsewhere:
        'Kong matches the decoded path with repeated slashes merged and forwards it escaped again; whether the target does depends on the implementation',
    },
    TLS_NAMES,
    {
      feature: 'engine.no-route',
      applies: (routes) => routes.some((r) => r.own),
      message:
        'Kong adds the headers of global plugins to its 404 where no route matches; Envoy answers 404 without them',
      elsewhere: 'Kong adds the headers of global plugins to its 404 where no route matches; the target does not',
    },
    {
      feature: 'engine.host-letters',
      applies: () => true,
      message: 'Kong compares hosts with their case; Envoy takes SHOP.example.com for shop.example.com',
      elsewhere: 'Kong compares hosts with their case; an implementation of the Gateway API does not',
    },
    {
      feature: 'engine.delivery-defaults',
      applies: forwards,
      message:
        'where nothing else is said Kong waits 60 s for a connection, ends an answer that pauses for 60 s and tries up to 5 more endpoints; the target has its own times and retries',
      elsewhere:
        'where nothing else is said Kong waits 60 s for a connection, ends an answer that pauses for 60 s and tries up to 5 more endpoints; an implementation has its own times and retries',
    },
    {
      feature: 'engine.empty-headers',
      applies: setsEmptyHeaders,
      message: 'Kong sends a header whose value comes out empty, Envoy leaves it out',
      elsewhere: 'Kong sends a header whose value comes out empty; an implementation may leave it out',
    },
    {
      feature: 'engine.header-lines',
      applies: testsHeaders,
      message: 'Kong tests each line of a repeated header alone, Envoy the lines joined with a comma',
      elsewhere: 'Kong tests each line of a repeated header alone; an implementation may join them',
    },
    {
      feature: 'engine.host-case',
      applies: redirectsToHttps,
      message:
        'Kong writes the host of its redirects to https in lower case and without a dot at its end, Envoy as the client sent it',
      elsewhere:
        'Kong writes the host of its redirects to https in lower case and without a dot at its end; an implementation may do so differently',
    },
    {
      feature: 'engine.host-port',
      applies: redirectsToHttps,
      message: 'Kong leaves the port of the Host header out of its redirects to https, Envoy keeps it',
      elsewhere:
        'Kong leaves the port of the Host header out of its redirects; an implementation may do so differently',
    },
  ],
};
