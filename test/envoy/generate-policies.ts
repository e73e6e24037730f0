// Random RequestAuthentications and AuthorizationPolicies over a small VirtualService, and requests that come close to
// their rules. Everything but the signatures follows from the seed.
import { stringify } from 'yaml';
import type { GeneratedRequest, Random } from './generate.js';
import { GATEWAY, httpbin } from './istio-objects.js';
import type { TokenPool } from './tokens.js';

const pick = <T>(r: Random, list: readonly T[]): T => list[Math.floor(r() * list.length)]!;
const chance = (r: Random, p: number): boolean => r() < p;
const some = <T>(r: Random, min: number, max: number, make: () => T): T[] =>
  Array.from({ length: min + Math.floor(r() * (max - min + 1)) }, make);

const HOSTS = ['a.example.com', '*.example.com', 'shop.org', 'a.*', '*', 'A.EXAMPLE.COM', 'a.example.com:80', '*.org'];
const PATHS = ['/api', '/api/*', '*/admin', '/foo', '*', '/api/{*}/users', '/{**}/end', '/x/{*}/y/{**}', '/', '/Foo*'];
const METHODS = ['GET', 'POST', 'P*', '*T', '*', 'get'];
const BLOCKS = ['127.0.0.1', '127.0.0.0/8', '10.0.0.0/8', '192.168.1.1', '::1', 'fd00::/8'];
const PRINCIPALS = [
  '*',
  'issuer@a/*',
  'issuer@a/alice',
  '*/bob',
  'issuer@b/carl',
  'issuer*',
  '*ice',
  'issuer@a',
  'issuer@a/al*',
];
const VALUES = ['jason', 'ja*', '*on', '*', 'admin', 'dev', 'read', 'a', 'x'];
const CLAIMS = ['group', 'sub', 'scope', 'nested][role', 'nested][roles', 'permission', 'iss', 'n', 'missing'];

const pairs = (r: Random, field: string, values: readonly string[], p: number) => {
  const negated = `not${field[0]!.toUpperCase()}${field.slice(1)}`;
  return {
    ...(chance(r, p) ? { [field]: some(r, 1, 2, () => pick(r, values)) } : {}),
    ...(chance(r, p * 0.5) ? { [negated]: some(r, 1, 2, () => pick(r, values)) } : {}),
  };
};

const source = (r: Random) => ({
  ...pairs(r, 'ipBlocks', BLOCKS, 0.35),
  ...pairs(r, 'remoteIpBlocks', BLOCKS, 0.2),
  ...pairs(r, 'requestPrincipals', PRINCIPALS, 0.3),
  ...pairs(r, 'principals', ['*', 'cluster.local/ns/default/sa/x'], 0.06),
  ...pairs(r, 'namespaces', ['default', 'd*'], 0.06),
});

const operation = (r: Random) => ({
  ...pairs(r, 'hosts', HOSTS, 0.3),
  ...pairs(r, 'paths', PATHS, 0.5),
  ...pairs(r, 'methods', METHODS, 0.3),
});

const when = (r: Random) => ({
  key: pick(r, [
    'request.headers[x-user]',
    'request.headers[X-Env]',
    `request.auth.claims[${pick(r, CLAIMS)}]`,
    `request.auth.claims[${pick(r, CLAIMS)}]`,
    'request.auth.audiences',
    'request.auth.presenter',
    'request.auth.principal',
    'connection.sni',
  ]),
  ...(chance(r, 0.75)
    ? { values: some(r, 1, 2, () => pick(r, [...VALUES, 'aud1', 'client'])) }
    : { notValues: [pick(r, VALUES)] }),
});

const authorization = (r: Random, i: number) => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: {
    name: `ap${i}`,
    namespace: 'istio-system',
    ...(chance(r, 0.08) ? { annotations: { 'istio.io/dry-run': 'true' } } : {}),
  },
  spec: {
    selector: { matchLabels: { istio: 'ingressgateway' } },
    action: pick(r, ['ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT']),
    ...(chance(r, 0.93)
      ? {
          rules: some(r, 1, 3, () => ({
            ...(chance(r, 0.4) ? { from: some(r, 1, 2, () => ({ source: source(r) })) } : {}),
            ...(chance(r, 0.7) ? { to: some(r, 1, 2, () => ({ operation: operation(r) })) } : {}),
            ...(chance(r, 0.35) ? { when: some(r, 1, 2, () => when(r)) } : {}),
          })),
        }
      : {}),
  },
});

const jwtRule = (r: Random, { keySets }: TokenPool) => ({
  issuer: pick(r, ['issuer@a', 'issuer@a', 'issuer@b', 'issuer@b']),
  jwks: keySets[pick(r, ['one', 'all', 'all', 'loose', 'two', 'two', chance(r, 0.3) ? 'empty' : 'all'])],
  ...(chance(r, 0.25) ? { audiences: some(r, 1, 2, () => pick(r, ['aud1', 'aud2', 'http://aud1'])) } : {}),
  ...(chance(r, 0.3) ? { fromHeaders: some(r, 1, 2, () => pick(r, [{ name: 'x-jwt', prefix: 'Token ' }, { name: 'x-jwt' }, { name: 'Authorization', prefix: 'Bearer ' }])) } : {}), // biome-ignore format: one line
  ...(chance(r, 0.2) ? { fromParams: some(r, 1, 2, () => pick(r, ['jwt', 'access_token'])) } : {}),
  ...(chance(r, 0.12) ? { fromCookies: ['session'] } : {}),
  ...(chance(r, 0.4) ? { forwardOriginalToken: true } : {}),
  ...(chance(r, 0.3) ? { outputPayloadToHeader: pick(r, ['x-payload', 'x-user']) } : {}),
  ...(chance(r, 0.4) ? { outputClaimToHeaders: some(r, 1, 2, () => ({ header: pick(r, ['x-sub', 'x-user', 'x-claim']), claim: pick(r, ['sub', 'group', 'n', 'f', 'yes', 'nested.role', 'one', 'aud']) })) } : {}), // biome-ignore format: one line
  ...(chance(r, 0.15) ? { spaceDelimitedClaims: ['group'] } : {}),
});

const rule = (name: string, port: number, match: object[] | undefined, more: object = {}) => ({
  name,
  ...(match ? { match } : {}),
  route: [{ destination: { host: 'httpbin', port: { number: port } } }],
  ...more,
});

const claimHeader = (r: Random) =>
  `@request.auth.claims${pick(r, ['.group', '[nested][role]', '.sub', '[scope]', '.permission'])}`;

export function generatePolicies(r: Random, pool: TokenPool): string {
  const http = [
    ...(chance(r, 0.5) ? [rule('claims', 8001, [{ headers: { [claimHeader(r)]: { [pick(r, ['exact', 'prefix'])]: pick(r, ['admin', 'a', 'alice', 'x', 'read']) } } }])] : []), // biome-ignore format: one line
    ...(chance(r, 0.2) ? [rule('without', 8002, [{ withoutHeaders: { [claimHeader(r)]: { exact: 'admin' } }, uri: { prefix: '/foo' } }])] : []), // biome-ignore format: one line
    ...(chance(r, 0.4) ? [rule('user', 8003, [{ headers: { [pick(r, ['x-user', 'x-sub', 'x-payload', 'authorization'])]: chance(r, 0.5) ? {} : { prefix: pick(r, ['a', 'j', 'Bearer']) } } }])] : []), // biome-ignore format: one line
    ...(chance(r, 0.3) ? [{ name: 'moved', match: [{ uri: { prefix: '/moved' } }], redirect: { uri: '/foo' } }] : []),
    rule('api', 8000, [{ uri: { prefix: '/api' } }], {
      ...(chance(r, 0.3) ? { rewrite: { uri: '/v2' } } : {}),
      ...(chance(r, 0.4)
        ? { corsPolicy: { allowOrigins: [{ exact: 'http://o.example' }], allowMethods: ['GET'] } }
        : {}),
      ...(chance(r, 0.3) ? { headers: { response: { set: { 'x-answer': '%REQ(x-user)%-%REQ(x-sub)%' } }, request: { add: { 'x-seen': '%REQ(x-sub)%' } } } } : {}), // biome-ignore format: one line
      ...(chance(r, 0.15) ? { fault: { abort: { httpStatus: 418, percentage: { value: 100 } } } } : {}),
    }),
    ...(chance(r, 0.7) ? [rule('rest', 8004, undefined)] : []),
  ];
  const documents = [
    GATEWAY,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'vs', namespace: 'default' },
      spec: { hosts: ['a.example.com', 'shop.org'], gateways: ['gw'], http },
    },
    httpbin(8000, 8001, 8002, 8003, 8004),
    ...(chance(r, 0.75)
      ? some(r, 1, 2, () => 0).map((_, i) => ({
          apiVersion: 'security.istio.io/v1',
          kind: 'RequestAuthentication',
          metadata: { name: `ra${i}`, namespace: 'istio-system' },
          spec: { jwtRules: some(r, 1, 2, () => jwtRule(r, pool)) },
        }))
      : []),
    ...some(r, 0, 3, () => 0).map((_, i) => authorization(r, i)),
  ];
  return documents.map((d) => stringify(d, { version: '1.1', aliasDuplicateObjects: false })).join('---\n');
}

const REQUEST_PATHS = ['/api', '/api/v1', '/api/7/users', '/foo', '/foo/admin', '/', '/x/1/y/2/3', '/a/b/end', '/end', '/moved', '/Foo', '/api/%61dmin', '/api/../foo', '/admin']; // biome-ignore format: one line

export function generatePolicyRequest(r: Random, { tokens }: TokenPool): GeneratedRequest {
  const usual = tokens.slice(0, 6);
  const token = () => (chance(r, 0.6) ? pick(r, usual) : pick(r, tokens)).text;
  const parameters: string[] = [];
  if (chance(r, 0.2)) parameters.push(pick(r, ['z=1', 'a=%41b', 'y', 'q=a+b', 'z=']));
  if (chance(r, 0.1)) parameters.push(`${pick(r, ['jwt', 'access_token'])}=${token()}`);
  if (chance(r, 0.1)) parameters.push('b=2');
  const preflight = chance(r, 0.08);
  const headers: Record<string, string> = {
    ...(chance(r, 0.55) ? { authorization: `${pick(r, ['Bearer ', 'Bearer ', 'Bearer ', 'bearer ', 'Basic ', 'Bearer  '])}${token()}` } : {}), // biome-ignore format: one line
    ...(chance(r, 0.25) ? { 'x-jwt': `${pick(r, ['Token ', 'Token ', ''])}${token()}` } : {}),
    ...(chance(r, 0.1) ? { cookie: `a=1; session=${token()}; b=2` } : {}),
    ...(chance(r, 0.35) ? { 'x-user': pick(r, ['jason', 'jane', 'admin', '']) } : {}),
    ...(chance(r, 0.2) ? { 'x-env': pick(r, ['dev', 'prod', 'x']) } : {}),
    ...(chance(r, 0.15) ? { 'x-sub': 'forged' } : {}),
    ...(chance(r, 0.1) ? { 'x-payload': 'forged' } : {}),
    ...(chance(r, 0.15) ? { 'x-forwarded-for': pick(r, ['10.1.1.1', '192.168.1.1, 10.0.0.1']) } : {}),
    ...(preflight || chance(r, 0.1) ? { origin: pick(r, ['http://o.example', 'http://evil.example']) } : {}),
    ...(preflight ? { 'access-control-request-method': 'GET' } : {}),
  };
  const path = pick(r, REQUEST_PATHS);
  return {
    method: preflight ? 'OPTIONS' : pick(r, ['GET', 'GET', 'POST', 'PUT', 'DELETE']),
    host: pick(r, ['a.example.com', 'a.example.com', 'A.Example.com', 'a.example.com:80', 'shop.org', 'nobody.test']),
    path: parameters.length > 0 ? `${path}?${parameters.join('&')}` : path,
    headers,
  };
}
