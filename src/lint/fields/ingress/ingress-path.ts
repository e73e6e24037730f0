import type { Json } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { rejected } from '../field-rule.js';
import { given, object, text } from '../values.js';
import { on, REJECTED, rule, TO_SHOP } from './shared.js';

const INVALID_WITHIN = ['//', '/./', '/../', '%2f', '%2F'];

const INVALID_AT_END = ['/..', '/.'];

function pathProblem(value: Json, old: boolean): Problem {
  const { pathType, path } = object(value);
  const p = text(path);
  const type = text(pathType) || (old ? 'ImplementationSpecific' : '');
  const place = given(path) ? ['path'] : [];
  if (type === 'Exact' || type === 'Prefix') {
    if (!p.startsWith('/'))
      return { message: `the path "${p}" is not absolute; it has to begin with "/"`, path: place };
    const part = INVALID_WITHIN.find((s) => p.includes(s)) ?? INVALID_AT_END.find((s) => p.endsWith(s));
    return part ? { message: `the path "${p}" cannot have "${part}" with pathType ${type}`, path: place } : undefined;
  }
  return type === 'ImplementationSpecific' && p !== '' && !p.startsWith('/')
    ? { message: `the path "${p}" is not absolute; it has to begin with "/"`, path: place }
    : undefined;
}

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0703',
      name: 'ingress-path',
      title: 'Invalid path of an Ingress',
      docs: () => ({
        happens: REJECTED,
        instead: 'An absolute path without "//", dot segments or encoded slashes.',
        bad: rule(`{path: shop, pathType: Prefix, ${TO_SHOP}}`),
        good: rule(`{path: /shop, pathType: Prefix, ${TO_SHOP}}`),
      }),
    },
    on('spec.rules[].http.paths[]', (value, { resource }) => pathProblem(value, resource.version !== 'v1')),
  ),
];
