// nginx's own rules: paths, hosts, redirects, headers (src/simulate/engines/nginx*.ts), and a reader that takes any
// input. Expected values follow ngx_http_parse_complex_uri, ngx_http_validate_host and ngx_escape_uri of nginx 1.22.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationFindings, annotationTable } from '../src/dialects/ingress-nginx/index.js';
import { readGateways } from '../src/dialects/read.js';
import type { GatewayRequest, Json, SimulationResult } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { escapeUri, seenByNginx } from '../src/simulate/engines/nginx/uri.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { parseSource } from '../src/sources/index.js';

const answers = (yaml: string) => {
  const { resources } = parseSource('x.yaml', yaml);
  const gateway = readGateways(catalogOf(resources)).gateways.find((g) => g.dialect === 'ingress-nginx')!;
  const compiled = compile(gateway);
  return (request: Partial<GatewayRequest>): SimulationResult => {
    const whole: GatewayRequest = {
      port: 80,
      scheme: 'http',
      method: 'GET',
      host: 'app.example.com',
      path: '/',
      ...request,
    };
    return toResult(decide(compiled, whole), whole);
  };
};

const ingress = (annotations: Readonly<Record<string, string>>, path = '/', type = 'Prefix'): string =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'app',
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v]),
      ),
    },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'app.example.com',
          http: { paths: [{ path, pathType: type, backend: { service: { name: 'web', port: { number: 80 } } } }] },
        },
      ],
    },
  });

describe('paths', () => {
  const seen: readonly (readonly [string, string | number, string?])[] = [
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a//b///c', '/a/b/c'],
    ['/a/./b/.', '/a/b/'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/..', '/'],
    ['/..', 400],
    ['/../a', 400],
    ['/a/../../b', 400],
    ['/a/...', '/a/...'],
    ['/a/..b', '/a/..b'],
    ['/.a', '/.a'],
    ['/%41%2fb', '/A/b'],
    ['/a%2F%2Fb', '/a/b'],
    ['/a/%2e%2e/b', '/b'],
    ['/a%3fb', '/a?b'],
    ['/a%2541', '/a%41'],
    ['/a%23b', '/a#b'],
    ['/a%00', 400],
    ['/a%', 400],
    ['/a%4', 400],
    ['/a%zz', 400],
    ['/a b', 400],
    ['/a?b=/../c', '/a', '?b=/../c'],
    ['/a?b#c', '/a', '?b'],
    ['/a#b?c', '/a'],
    ['/%C3%A9', '/é'],
    ['/%ff', '/\udcff'],
    ['a', 400],
    ['*', 400],
    ['http://other.example.com/x', '/x'],
  ];
  for (const [written, path, query = ''] of seen) {
    test(written, () => {
      const result = seenByNginx(written);
      if ('status' in result) expect(result.status).toBe(path);
      else expect([result.path, result.query]).toEqual([path, query]);
    });
  }

  test('are normalised once and for all', () => {
    const text = fc
      .array(fc.constantFrom('a', '/', '.', '..', '//', './'), { maxLength: 12 })
      .map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(text, (written) => {
        const once = seenByNginx(written);
        if ('status' in once) return;
        expect(once.path).toMatch(/^\//);
        expect(seenByNginx(once.path)).toMatchObject({ path: once.path });
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test('are escaped when they were changed', () => {
    expect(escapeUri('/a b?c#d%e"<>\\^`{|}é')).toBe('/a%20b%3Fc%23d%25e%22%3C%3E%5C%5E%60%7B%7C%7D%C3%A9');
    const get = answers(ingress({ 'rewrite-target': '/x/$1' }, '/api/(.*)', 'ImplementationSpecific'));
    expect(get({ path: '/api/a%20b%2Fc?q=%20' }).upstream?.path).toBe('/x/a%20b/c?q=%20');
  });

  test('go upstream as they came where they were not', () => {
    expect(answers(ingress({}))({ path: '/a/../b//c%2F?x#y' }).upstream?.path).toBe('/a/../b//c%2F?x#y');
  });
});

describe('hosts and methods', () => {
  const get = answers(ingress({}));
  const hosts: readonly (readonly [string, number])[] = [
    ['app.example.com', 200],
    ['APP.example.com:8080', 200],
    ['app.example.com.', 200],
    ['other.example.com', 404],
    ['', 400],
    ['a..b', 400],
    ['a/b', 400],
    ['a b', 400],
    ['[::1]:80', 404],
  ];
  for (const [host, status] of hosts) test(host || 'empty', () => expect(get({ host }).status).toBe(status));
  for (const [method, status] of [
    ['PATCH', 200],
    ['get', 400],
    ['TRACE', 405],
    ['CONNECT', 405],
  ] as const) {
    test(method, () => expect(get({ method }).status).toBe(status));
  }
  test('pages of the controller', () => {
    expect(get({ host: 'unknown', path: '/healthz' }).status).toBe(200);
    expect(get({ host: 'unknown', path: '/nginx_status' }).status).toBe(200);
    expect(get({ host: 'unknown', path: '/nginx_status', source: '10.0.0.1' }).status).toBe(403);
    expect(get({ host: 'unknown', path: '/other' })).toMatchObject({ status: 404, defaultBackend: true });
  });
});

describe('requests on their way', () => {
  test('lose headers that nginx does not take', () => {
    const { upstream } = answers(ingress({}))({ headers: { Proxy: 'x', under_score: 'a', 'x-ok': 'b' } });
    expect(upstream?.removed).toEqual(['proxy', 'under_score']);
  });

  test('redirects that nginx builds itself', () => {
    const get = answers(ingress({ 'permanent-redirect': '/new' }));
    expect(get({ host: 'App.Example.com:81', path: '/x?y' }).headers?.location).toBe('http://app.example.com/new');
    expect(answers(ingress({ 'permanent-redirect': '/new', 'relative-redirects': 'true' }))({}).headers?.location).toBe(
      '/new',
    );
    expect(
      answers(ingress({ 'permanent-redirect': 'https://a.b/c', 'permanent-redirect-code': '304' }))({}),
    ).toMatchObject({
      status: 304,
      body: 'https://a.b/c',
    });
    const away = answers(
      ingress({ 'rewrite-target': 'https://other.example.com/$1' }, '/go/(.*)', 'ImplementationSpecific'),
    );
    expect(away({ path: '/go/a%20b?x=1' })).toMatchObject({
      status: 302,
      headers: { location: 'https://other.example.com/a%20b?x=1' },
    });
  });

  test('variables in annotations', () => {
    const get = answers(ingress({ 'upstream-vhost': '$service_name.$namespace.svc.cluster.local' }));
    expect(get({}).upstream?.host).toBe('web.default.svc.cluster.local');
    expect(answers(ingress({ 'upstream-vhost': '$host' }))({ host: 'APP.example.com:81' }).upstream?.host).toBe(
      'app.example.com',
    );
  });
});

describe('any input', () => {
  const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, true, 0, '', '/', '/a(b', '*.x', 'Exact', 'web', -1),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'host',
          'http',
          'paths',
          'path',
          'pathType',
          'backend',
          'service',
          'name',
          'port',
          'number',
          'hosts',
        ),
        tie('json'),
        { maxKeys: 4 },
      ),
    ),
  })).json;
  const text = fc.oneof(
    fc.constantFrom(
      'true',
      'false',
      '',
      '0',
      '-1',
      '100',
      '/a',
      '$1',
      '10.0.0.0/8',
      '::1/64',
      'https://a.b/c',
      'a,b',
      '*',
      '(',
      'off',
      'a/b/c',
      '%',
      '{',
    ),
    fc.string({ maxLength: 12 }),
  );
  const annotations = fc.dictionary(fc.constantFrom(...annotationTable.map((s) => s.name)), text, { maxKeys: 6 });
  const paths = fc.array(
    fc.record({
      path: fc.oneof(fc.constantFrom('/', '/a', '/a/', '/A/b(c)?', '', '/é', '/[', '/$'), fc.string({ maxLength: 6 })),
      pathType: fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific', 'Odd'),
    }),
    { maxLength: 4 },
  );

  test('a reader never throws, and every request gets an answer', () => {
    fc.assert(
      fc.property(annotations, annotations, paths, value, (first, second, entries, odd) => {
        const backend = { service: { name: 'web', port: { number: 80 } } };
        const one = (name: string, a: Record<string, string>, spec: unknown) => ({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: {
            name,
            annotations: Object.fromEntries(Object.entries(a).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v])),
          },
          spec,
        });
        const http = { paths: entries.map((e) => ({ ...e, backend })) };
        const items = [
          one('a', first, {
            ingressClassName: 'nginx',
            rules: [{ host: 'app.example.com', http }],
            tls: [{ hosts: ['app.example.com'] }],
          }),
          one('b', second, {
            ingressClassName: 'nginx',
            defaultBackend: backend,
            rules: [{ host: 'app.example.com', http }, { http }],
          }),
          one('c', first, { ingressClassName: 'nginx', rules: odd, tls: odd, defaultBackend: odd }),
        ];
        const { resources } = parseSource('x.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
        for (const r of resources) expect(Array.isArray(annotationFindings(r))).toBe(true);
        for (const gateway of readGateways(catalogOf(resources)).gateways) {
          const compiled = compile(gateway);
          for (const request of [
            { port: 80, scheme: 'http', method: 'GET', host: 'app.example.com', path: '/a/b?c' },
            { port: 443, scheme: 'https', method: 'OPTIONS', host: 'x', path: '/', headers: { origin: 'https://a.b' } },
          ] as const) {
            const result = toResult(decide(compiled, request), request);
            expect(typeof (result.status ?? result.connection)).toMatch(/number|string/);
          }
        }
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});

test('the size of a chunked body shows when it is read: redirects and refusals answer first', () => {
  const chunked = { method: 'POST', body: 'x'.repeat(3000), headers: { 'transfer-encoding': 'chunked' } } as const;
  const plain = { method: 'POST', body: 'x'.repeat(3000) } as const;
  const limit = { 'proxy-body-size': '1k' };
  const places = {
    redirect: { ...limit, 'permanent-redirect': 'http://n.example.com/x' },
    deny: { ...limit, 'whitelist-source-range': '10.0.0.0/8' },
    proxy: limit,
  };
  const statuses = (request: Partial<GatewayRequest>) =>
    Object.values(places).map((annotations) => answers(ingress(annotations))(request).status);
  expect(statuses(plain)).toEqual([413, 413, 413]);
  expect(statuses(chunked)).toEqual([301, 403, 413]);
});

test('a body that is too large is refused before CORS has set its headers', () => {
  const post = answers(ingress({ 'enable-cors': 'true', 'proxy-body-size': '8', 'permanent-redirect': 'https://a.b' }));
  const answer = post({ method: 'POST', body: 'x'.repeat(9), headers: { origin: 'https://a.com' } });
  expect([answer.status, answer.headers]).toEqual([413, undefined]);
  expect(post({ method: 'POST', body: 'x'.repeat(8) }).headers).toMatchObject({
    location: 'https://a.b',
    'access-control-allow-origin': '*',
  });
});
