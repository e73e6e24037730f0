// URL arguments become requests as curl would send them.

import { expect, test } from 'vitest';
import { CannotRunError } from '../src/diagnostics/index.js';
import { formatUrl, unsaidHost } from '../src/model/index.js';
import { requestFromUrl } from '../src/requests/index.js';

const plain = { port: 80, scheme: 'http', method: 'GET', path: '/' };

test('port, path and server name come from the URL', () => {
  expect(requestFromUrl('http://a.example.com')).toEqual({ ...plain, host: 'a.example.com' });
  expect(requestFromUrl('http://a.example.com:8080/x?y=1#z')).toEqual({
    ...plain,
    port: 8080,
    host: 'a.example.com:8080',
    path: '/x?y=1',
  });
  expect(requestFromUrl('https://A.example.com/x')).toEqual({
    ...plain,
    port: 443,
    scheme: 'https',
    host: 'A.example.com',
    path: '/x',
    sni: 'a.example.com',
  });
  expect(requestFromUrl('https://10.0.0.1/')).toMatchObject({ sni: null, host: '10.0.0.1' });
  expect(requestFromUrl('https://[::1]:8443/')).toMatchObject({ sni: null, port: 8443, host: '[::1]:8443' });
  expect(requestFromUrl('a.example.com?x')).toMatchObject({ host: 'a.example.com', path: '/?x' });
});

test('flags are read as curl reads them', () => {
  const request = requestFromUrl('http://a.com/', {
    headers: ['X-User: jason', 'x-user:mary', 'x-empty;', 'x-none:', 'Host: b.com'],
    data: 'x=1',
  });
  expect(request).toEqual({
    ...plain,
    method: 'POST',
    host: 'b.com',
    headers: { 'x-user': ['jason', 'mary'], 'x-empty': '' },
    body: 'x=1',
  });
  expect(requestFromUrl('https://a.com/', { sni: '' })).toMatchObject({ sni: null });
  expect(requestFromUrl('https://a.com/', { method: 'PUT', data: '' })).toMatchObject({ method: 'PUT', body: '' });
});

test.each(['http://', 'http://a.com:99999/', 'ftp://a.com/', 'http://a b/'.replace(' ', ':x')])(
  '%s is refused with a reason',
  (url) => {
    expect(() => requestFromUrl(url)).toThrow(CannotRunError);
  },
);

test.each([
  '',
  'http://',
  'http://[bad',
  'http://[zz]/',
  'http://a b/',
  'http://a:b/',
  'http://"a"/',
  'http://<host>/',
  'http://a\\b/',
])('what is no URL is called so: %s', (url) => expect(() => requestFromUrl(url)).toThrow(/^not a URL: /));
test.each(['http://[::1]:80/', 'http://a_b/', 'http://*.example.com/', 'http://ä.example/', 'shop'])(
  'a name that no DNS has is asked for all the same: %s',
  (url) => expect(requestFromUrl(url).host).not.toBe(''),
);

test('a header without a colon is refused', () => {
  expect(() => requestFromUrl('http://a.com/', { headers: ['nonsense'] })).toThrow(/not a header/);
});

test('a request as a URL goes where the request goes, whatever port its Host names', () => {
  const url = (host: string, port: number, scheme: 'http' | 'https' = 'http') => {
    const request = { scheme, host, port, path: '/x' };
    return [formatUrl(request), unsaidHost(request)];
  };
  expect(url('a.com', 80)).toEqual(['http://a.com/x', undefined]);
  expect(url('a.com', 443, 'https')).toEqual(['https://a.com/x', undefined]);
  expect(url('a.com', 8080)).toEqual(['http://a.com:8080/x', undefined]);
  expect(url('a.com:8080', 8080)).toEqual(['http://a.com:8080/x', undefined]);
  expect(url('a.com:80', 80)).toEqual(['http://a.com:80/x', undefined]);
  expect(url('a.com:8080', 80)).toEqual(['http://a.com/x', 'a.com:8080']);
  expect(url('[::1]', 8080)).toEqual(['http://[::1]:8080/x', undefined]);
});
