// Plain scalars as goyaml v2 resolves them (sigs.k8s.io/yaml goyaml.v2 resolve.go and its decode_test.go): what
// kubectl, the API server and istioctl see.

import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { KUBERNETES_SCHEMA, plainKey } from '../src/sources/yaml11.js';

const read = (text: string): unknown => loadAll(text, { schema: KUBERNETES_SCHEMA })[0];

const READINGS: readonly (readonly [written: string, value: unknown])[] = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((w) => [w, false] as const),
  ...['yES', 'oN', 'tRUE', 'nO'].map((w) => [w, w] as const),
  ...['~', 'null', 'Null', 'NULL', ''].map((w) => [w, null] as const),
  ['nULL', 'nULL'],
  ['0', 0],
  ['-0', -0],
  ['0777', 511],
  ['-017', -15],
  ['0o17', 15],
  ['0O17', 15],
  ['0x1F', 31],
  ['0b101', 5],
  ['-0b101', -5],
  ['0x1_F', 31],
  ['1_000', 1000],
  ['09', 9],
  ['+12', 12],
  ['1e3', 1000],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1.', 1],
  ['6.8523015e+5', 685230.15],
  ['685_230.15', 685230.15],
  ['._5', '._5'],
  ['1e999', '1e999'],
  ['0xg', '0xg'],
  ['0x', '0x'],
  ['190:20:30', '190:20:30'],
  ['12:30', '12:30'],
  ['2001-12-14', '2001-12-14'],
  ['2001-12-15T02:59:43.1Z', '2001-12-15T02:59:43.1Z'],
  ['1.2.3', '1.2.3'],
  ['10.0.0.1', '10.0.0.1'],
  ['_1', '_1'],
  ['!!str 123', '123'],
  ['!!int "0x10"', 16],
  ['!!float 1', 1],
  ['!!binary aGk=', 'hi'],
  ['!custom text', 'text'],
  ['!custom [1]', [1]],
  ['!!timestamp 2001-12-14', '2001-12-14'],
  ['"yes"', 'yes'],
  ["'0777'", '0777'],
  ['18446744073709551615', 2 ** 64],
  ['184467440737095516160', 10 * 2 ** 64],
];

test.each(READINGS)('%j is %j', (written, value) => {
  expect(read(`- ${written}\n`)).toEqual([value]);
});

test.each(['- .nan', '- .inf', '- -.Inf', 'a: .NaN', '{a: [.INF]}', '- !custom [.nan]'])(
  '%j is refused, as it cannot be JSON',
  (text) => {
    expect(() => read(`${text}\n`)).toThrow('no number of JSON');
  },
);

test('keys become text as in JSON', () => {
  expect(read('on: 1\n0x10: 2\n1.5: 3\n"on": 4\n')).toEqual({ true: 1, 16: 2, 1.5: 3, on: 4 });
  for (const written of ['on', '0x10', '1.5', 'plain', '2001-12-14'])
    expect(Object.keys(read(`${written}: 1`) as object)).toEqual([plainKey(written)]);
});

test('explicit keys win over merged ones, wherever they stand', () => {
  expect(read('a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}\nc: {x: 3, <<: *a}\nd: {<<: [{x: 9}, *a]}\n')).toEqual({
    a: { x: 1, z: 2 },
    b: { x: 3, z: 2 },
    c: { x: 3, z: 2 },
    d: { x: 9, z: 2 },
  });
});

test('a key named __proto__ is a key', () => {
  const value = read('__proto__: {a: 1}\n') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
