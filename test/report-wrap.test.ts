// Text for a terminal: no line is longer than it has to be, and what is copied from it stays whole.
import { expect, test } from 'vitest';
import { wrap } from '../src/report/wrap.js';

test('a flag and its value stay on one line', () => {
  expect(wrap('add the Service, or give the number: --service-port shop/web:http=NUMBER', 50)).toEqual([
    'add the Service, or give the number:',
    '--service-port shop/web:http=NUMBER',
  ]);
  expect(wrap('without --default-tls-secret NAMESPACE/NAME', 30)).toEqual([
    'without',
    '--default-tls-secret NAMESPACE/NAME',
  ]);
});

test('a flag without a value is a word', () => {
  expect(wrap('(--allow-envoyfilter writes one)', 22)).toEqual(['(--allow-envoyfilter', 'writes one)']);
});
