import { type Json, own } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { AUTHORIZATION_POLICY, at, refused } from '../field-rule.js';
import { given, list, object, text } from '../values.js';
import { each, everyValue, from, REFUSED, SOURCE, whereKey } from './shared.js';

const stars = (value: string): string | undefined => {
  const count = value.split('*').length - 1;
  return count > 1 || (count === 1 && !value.startsWith('*') && !value.endsWith('*'))
    ? `"${value}" may have one "*", at its start or end`
    : undefined;
};

const trustDomain = (value: string): string | undefined =>
  stars(value) ??
  (value.includes('/') ? `"${value}" is not a trust domain: it goes up to the first "/" of an identity` : undefined);

const MOST_ACCOUNTS = 16;

const MOST_BYTES = 320;

function serviceAccount(value: string): string | undefined {
  if (value.includes('*')) return `"${value}": the name of a service account has no wildcards; use principals`;
  const parts = value.split('/');
  if (parts.length > 2 || parts.some((part) => part === ''))
    return `"${value}" is neither a service account nor "namespace/account"`;
  return Buffer.byteLength(value) > MOST_BYTES
    ? `the service account "${value.slice(0, 40)}…" is longer than ${MOST_BYTES} bytes`
    : undefined;
}

const accounts = (values: readonly string[]): Problem[] =>
  values.length > MOST_ACCOUNTS
    ? [{ message: `more than ${MOST_ACCOUNTS} service accounts in one list`, path: [] }]
    : everyValue(serviceAccount)(values);

function accountsBesideIdentity(value: Json): Problem {
  const source = object(value);
  const written = (fields: readonly string[]) => fields.find((f) => given(own(source, f)));
  const account = written(['serviceAccounts', 'notServiceAccounts']);
  const other = written(['principals', 'notPrincipals', 'namespaces', 'notNamespaces']);
  return account && other
    ? {
        message: `\`${account}\` and \`${other}\` exclude each other in one source: write "namespace/account", or a second item of \`from\``,
        path: [account],
      }
    : undefined;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW1424',
      name: 'authorization-identity',
      title: 'Invalid service account or trust domain in an AuthorizationPolicy',
      docs: () => ({
        happens: REFUSED,
        instead:
          '"account" (of the policy\'s namespace) or "namespace/account"; a trust domain may begin or end with "*".',
        bad: from('serviceAccounts: ["shop/*"]'),
        good: from('serviceAccounts: [shop/frontend]'),
      }),
    },
    at(AUTHORIZATION_POLICY, [`${SOURCE}.serviceAccounts`, `${SOURCE}.notServiceAccounts`], (value) =>
      accounts(list(value).map(text)),
    ),
    each(SOURCE, ['trustDomains', 'notTrustDomains'], trustDomain),
    at(AUTHORIZATION_POLICY, SOURCE, accountsBesideIdentity),
    whereKey(['source.serviceAccount'], accounts),
    whereKey(['source.trustDomain'], everyValue(stars)),
  ),
];
