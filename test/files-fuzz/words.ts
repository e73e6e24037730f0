// What mutations put in place of what a file says.

/** Names that every object of JavaScript inherits. */
export const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'] as const;

const MORE_NAMES = [
  '__defineGetter__',
  'isPrototypeOf',
  'toLocaleString',
  'prototype',
  'then',
  'toJSON',
  'length',
  'get',
];

/** Texts that readers of names, paths, patterns, addresses, times and certificates stumble over. */
const TEXTS = [
  '',
  ' ',
  '*',
  '**',
  '/',
  '//',
  '.',
  '..',
  '../../x',
  '-',
  ',',
  ':',
  ':80',
  '[',
  '(',
  '(?i)a',
  'a{1000}',
  '(a*)*b',
  '\\',
  '\\1',
  '%',
  '%%',
  '%2',
  '%2F',
  '%REQ(x)%',
  '%REQ(:path)%',
  '$1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a word that files can hold
  '${a}',
  '@',
  '@request.auth.claims.a',
  'request.auth.claims[a]',
  'request.headers[]',
  'a=b',
  '=',
  '1',
  '0',
  '-1',
  '1e400',
  'NaN',
  '99999999999999999999',
  '65536',
  '1h',
  '1e9h',
  '10.0.0.0/8',
  '10.0.0.0/99',
  '::/0',
  'fe80::1%eth0',
  'a.example.com',
  '*.example.com',
  '*.com',
  'xn--',
  'ä.example',
  '\u0000',
  '\u2028',
  '\ud800',
  '😀',
  '\n',
  '\r\nx: y',
  'true',
  'null',
  '~',
  '{{ .Values.a }}',
  '{"keys":[{"kty":"constructor"}]}',
  '{"keys":[{"kty":"EC","alg":{"toString":1}}]}',
  '2026-02-30T99:00:00Z',
  'QQ==',
  '!!!not base64',
  '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
];

const NUMBERS = [0, -1, 1, 0.5, -0, 80, 443, 65535, 65536, 2 ** 31, 2 ** 53, -(2 ** 63), 1e300];
/** Not in JSON; YAML has them. */
const STRANGE_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

export const NAMES: readonly string[] = [...INHERITED, ...MORE_NAMES];

/** Values of every type. */
export const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: 1 },
  { toString: 1, valueOf: 2 },
  { constructor: { name: 'x' } },
  ...NUMBERS,
  ...STRANGE_NUMBERS,
  ...NAMES,
  ...TEXTS,
];
