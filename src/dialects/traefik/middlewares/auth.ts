// BasicAuth, DigestAuth and ForwardAuth: pkg/middlewares/auth, and the Secrets that they name (createBasicAuthMiddleware in
// pkg/provider/kubernetes/crd/kubernetes.go).

import { createHash } from 'node:crypto';
import {
  type Condition,
  type JsonObject,
  keep,
  plainTemplate,
  type Resource,
  type Route,
} from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { booleanOf, objectOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { isSecretMissing } from '../../../resources/made-elsewhere.js';
import { hasContents } from '../../../resources/secrets.js';
import { questionName } from '../engine.js';
import { Disabled, Dropped } from '../names.js';
import { goRegex } from '../rules/go-regex.js';
import { answerRoute, type Flow, headerNow, withHeader } from './flow.js';
import type { Kind } from './middleware.js';

/** Lines of htpasswd; undefined: the files do not hold the Secret (which does not make it missing, as they rarely do). */
function usersOf(secret: Resource): readonly string[] {
  const data = valuesOf(secret);
  if (secret.object.type === 'kubernetes.io/basic-auth') {
    const [user, password] = [data.get('username'), data.get('password')];
    if (user === undefined || password === undefined)
      throw new Dropped(`the Secret ${secret.namespace}/${secret.name} needs username and password`);
    return [`${user}:{SHA}${createHash('sha1').update(password, 'latin1').digest('base64')}`];
  }
  if (data.size !== 1) throw new Dropped(`the Secret ${secret.namespace}/${secret.name} has to hold exactly one entry`);
  const lines = [...data.values()][0]!.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) throw new Dropped(`the Secret ${secret.namespace}/${secret.name} holds no users`);
  return lines;
}

function valuesOf({ object }: Resource): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(objectOf(object.data) ?? {}))
    if (typeof value === 'string') values.set(key, Buffer.from(value, 'base64').toString('latin1'));
  for (const [key, value] of Object.entries(objectOf(object.stringData) ?? {}))
    if (typeof value === 'string') values.set(key, Buffer.from(value).toString('latin1'));
  return values;
}

/** Undefined: not in the files, or without what is in it. */
function secretOf(catalog: Catalog, namespace: string, name: string): Resource | undefined {
  const secret = catalog.find('/Secret', namespace, name);
  return secret && hasContents(secret) ? secret : undefined;
}

/** @throws Dropped: the object is no middleware then. */
export function loadAuth(spec: JsonObject, { namespace }: Resource, { catalog }: { readonly catalog: Catalog }): void {
  const name = stringOf(spec.secret) ?? '';
  if (name === '') throw new Dropped('no Secret with users is named');
  const secret = secretOf(catalog, namespace, name);
  if (secret) usersOf(secret);
  else if (isSecretMissing(catalog, namespace, name)) throw new Dropped(`there is no Secret ${namespace}/${name}`);
}

export const basicAuth: Kind = (spec, origin, middleware, { catalog }) => {
  const { namespace } = middleware.resource;
  const name = stringOf(spec.secret) ?? '';
  const secret = secretOf(catalog, namespace, name);
  const users = secret && usersOf(secret);
  const wrong = users?.find((line) => line.split(':').length !== 2);
  if (wrong !== undefined) throw new Disabled('a line of the users is not name:hash');
  const realm = stringOf(spec.realm) || 'traefik';
  const condition: Condition = {
    kind: 'basic-auth',
    summary: `the user and password must be in Secret ${name}, else 401`,
    status: 401,
    origin: { ...origin, path: [...origin.path, 'secret'] },
  };
  const field = stringOf(spec.headerField) ?? '';
  const kept = users && keep(`Secret ${namespace}/${name}`, users);
  return (flow, _, next) => {
    const question = kept === undefined ? undefined : questionName({ ask: 'user', secret: kept });
    const without = (name: string): Route =>
      unauthorized(
        withHeader(flow, { name, value: { kind: 'any' }, invert: true, missing: 'absent' }),
        `Basic realm="${realm}"`,
      );
    // The first says the same as the second of most requests, and every target can be told.
    const refused = [without('authorization'), ...(question ? [without(question)] : [])];
    if (headerNow(flow, 'authorization')) return [unauthorized(flow, `Basic realm="${realm}"`)];
    const request = [...flow.request];
    if (field !== '' && question) request.push({ op: 'set', name: field.toLowerCase(), value: `%REQ(${question})%` });
    if (booleanOf(spec.removeHeader)) request.push({ op: 'remove', name: 'authorization', value: '' });
    return [...refused, ...next({ ...flow, request, conditions: [...flow.conditions, condition] })];
  };
};

function unauthorized(flow: Flow, challenge: string): Route {
  return answerRoute(flow, { kind: 'direct-response', status: 401, body: '401 Unauthorized\n' }, [
    { op: 'set', name: 'www-authenticate', value: plainTemplate(challenge) },
  ]);
}

export const digestAuth: Kind = (spec, origin) => {
  const name = stringOf(spec.secret) ?? '';
  const condition: Condition = {
    kind: 'basic-auth',
    summary: `the user and password must be in Secret ${name} (digest), else 401`,
    status: 401,
    origin: { ...origin, path: [...origin.path, 'secret'] },
  };
  return (flow, _, next) => [
    answerRoute(withHeader(flow, { name: 'authorization', value: { kind: 'any' }, invert: true, missing: 'absent' }), {
      kind: 'direct-response',
      status: 401,
      body: '401 Unauthorized\n',
    }),
    ...next({ ...flow, conditions: [...flow.conditions, condition] }),
  ];
};

/** createForwardAuthMiddleware. @throws Dropped */
export function loadForward(
  spec: JsonObject,
  { namespace }: Resource,
  { catalog }: { readonly catalog: Catalog },
): void {
  if (!stringOf(spec.address)) throw new Dropped('forwardAuth has no address');
  const tls = objectOf(spec.tls) ?? {};
  for (const name of [tls.caSecret, tls.certSecret].map(stringOf))
    if (name && isSecretMissing(catalog, namespace, name)) throw new Dropped(`there is no Secret ${namespace}/${name}`);
}

export const forwardAuth: Kind = (spec, origin, middleware) => {
  const address = stringOf(spec.address) ?? '';
  const pattern = stringOf(spec.authResponseHeadersRegex);
  if (pattern) goRegex(pattern);
  const headers = stringsOf(spec.authResponseHeaders).map((h) => h.toLowerCase());
  const condition: Condition = {
    kind: 'external-auth',
    summary: `forwardAuth ${address} of Middleware ${middleware.resource.namespace}/${middleware.resource.name} must answer 2xx, else its answer`,
    status: 401,
    ...askOf(address, headers),
    origin: { ...origin, path: [...origin.path, 'address'] },
  };
  return (flow, _, next) =>
    next({
      ...flow,
      // What the service answers with is not in the files; what the client claims is taken away.
      request: [...flow.request, ...headers.map((name) => ({ op: 'remove' as const, name, value: '' }))],
      conditions: [...flow.conditions, condition],
    });
};

function askOf(address: string, headers: readonly string[]): Pick<Condition, 'ask'> {
  const [, scheme, host = '', port, path = '/', query] =
    /^(https?):\/\/([^/:?#]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(address) ?? [];
  if (host === '') return {};
  const tls = scheme!.toLowerCase() === 'https';
  const inside =
    /^[a-z0-9-]+\.[a-z0-9-]+(\.svc(\.cluster\.local)?)?$/.exec(host) && !/\.(com|org|net|io|dev)$/.test(host);
  return {
    ask: {
      service: inside
        ? host.replace(/^([a-z0-9-]+\.[a-z0-9-]+)(\.svc)?(\.cluster\.local)?$/, '$1.svc.cluster.local')
        : host,
      port: port ? Number(port) : tls ? 443 : 80,
      path,
      ...(query ? { query } : {}),
      ...(inside || !host.includes('.') ? {} : { external: { tls } }),
      headers,
    },
  };
}
