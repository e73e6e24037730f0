// What of a SecurityPolicy and a BackendTrafficPolicy decides too and is not in the files: passwords, the answer of a service that is asked,
// how many requests there were.

import { type Condition, type JsonObject, type Origin, table } from '../../../../model/index.js';
import { at } from '../../../../resources/fields.js';
import { serviceHost } from '../../../../resources/services.js';
import { has, listAt, numberAt, objectAt, stringAt, stringsAt } from '../../fields.js';

/** In the order of the filters (newOrderedHTTPFilter in internal/xds/translator/httpfilters.go, v1.9.1). `origin`: of the spec. */
export function securityConditions(spec: JsonObject, namespace: string, origin: Origin): readonly Condition[] {
  return [
    ...(has(spec, 'extAuth') ? [externalAuth(objectAt(spec, 'extAuth'), namespace, at(origin, 'extAuth'))] : []),
    ...(has(spec, 'basicAuth') ? [basicAuth(objectAt(spec, 'basicAuth'), at(origin, 'basicAuth'))] : []),
  ];
}

function basicAuth(auth: JsonObject, origin: Origin): Condition {
  const name = stringAt(objectAt(auth, 'users'), 'name') ?? '';
  return {
    kind: 'basic-auth',
    summary: `a user and password of Secret ${name} must be sent, else 401`,
    status: 401,
    origin,
  };
}

/** The service's own answer is passed on where it refuses; 403 stands for it. */
function externalAuth(auth: JsonObject, home: string, origin: Origin): Condition {
  const http = objectAt(auth, 'http');
  const refs = [...listAt(http, 'backendRefs'), ...(has(http, 'backendRef') ? [objectAt(http, 'backendRef')] : [])];
  const [ref = null] = refs;
  const name = stringAt(ref, 'name');
  const port = numberAt(ref, 'port');
  const kind = stringAt(ref, 'kind') ?? 'Service';
  const asked =
    name !== undefined && port !== undefined && kind === 'Service' && refs.length === 1
      ? {
          service: serviceHost(stringAt(ref, 'namespace') ?? home, name),
          port,
          path: stringAt(http, 'path') ?? '',
          headers: stringsAt(http, 'headersToBackend'),
        }
      : undefined;
  const who = asked ? `${asked.service}:${asked.port}` : has(auth, 'grpc') ? 'a gRPC service' : 'a service';
  return {
    kind: 'external-auth',
    summary: `${who} must let the request pass, else its answer`,
    status: 403,
    ...(asked && { ask: asked }),
    origin,
  };
}

const UNIT_MS = table<number>({
  Second: 1000,
  Minute: 60_000,
  Hour: 3_600_000,
  Day: 86_400_000,
  Week: 604_800_000,
  Month: 2_592_000_000,
  Year: 31_536_000_000,
});

/** Local and global limits alike: how many requests there were is not in the files. */
export function rateConditions(spec: JsonObject, origin: Origin): readonly Condition[] {
  const limit = objectAt(spec, 'rateLimit');
  return ['local', 'global'].flatMap((where) =>
    listAt(objectAt(limit, where), 'rules').map((rule, i): Condition => {
      const place = at(origin, 'rateLimit', where, 'rules', i);
      const value = objectAt(rule, 'limit');
      const requests = numberAt(value, 'requests') ?? 0;
      const unit = stringAt(value, 'unit') ?? 'Second';
      const perClient = isPerClient(listAt(rule, 'clientSelectors'));
      const whom = perClient
        ? 'each client address'
        : has(rule, 'clientSelectors')
          ? 'some clients'
          : 'all clients together';
      return {
        kind: 'rate-limit',
        summary: `${whom} may send ${requests} requests per ${unit.toLowerCase()}, else 429`,
        status: 429,
        ...(perClient &&
          where === 'local' && {
            rate: { requests, perMs: UNIT_MS.get(unit) ?? 1000, burst: Math.max(requests - 1, 0), except: [] },
          }),
        origin: place,
      };
    }),
  );
}

/** One selector that tells addresses apart, and nothing else. */
function isPerClient(selectors: readonly unknown[]): boolean {
  const [selector] = selectors;
  const object = objectAt({ selector } as JsonObject, 'selector');
  const source = objectAt(object, 'sourceCIDR');
  return (
    selectors.length === 1 &&
    Object.keys(object).length === 1 &&
    stringAt(source, 'type') === 'Distinct' &&
    stringAt(source, 'value') === '0.0.0.0/0'
  );
}
