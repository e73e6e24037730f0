// KongConsumers with the credentials of their Secrets: FillConsumersAndCredentials in internal/dataplane/kongstate/kongstate.go
// (Kong/kubernetes-ingress-controller 3.5).

import { originOf, own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { compareText, stringOf, stringsOf } from '../../../resources/fields.js';
import { hasContents } from '../../../resources/secrets.js';
import type { ReadNote } from '../../dialect.js';
import { type KongConsumer, nameOfConsumer } from '../entities.js';
import { entityId } from '../uuid.js';
import { GROUP, isOfClass } from './classes.js';
import { secretValues } from './secrets.js';

export interface NamedConsumer {
  readonly consumer: KongConsumer;
  readonly resource: Resource;
}

interface Credential {
  readonly type: string;
  readonly values: Readonly<Record<string, string>>;
}

export function consumersOf(catalog: Catalog, className: string, notes: ReadNote[]): readonly NamedConsumer[] {
  return catalog
    .ofKind(`${GROUP}/KongConsumer`)
    .filter((resource) => isOfClass(resource, className))
    .flatMap((resource) => {
      const consumer = consumerOf(resource, catalog, notes);
      return nameOfConsumer(consumer) === '' ? [] : [{ consumer, resource }];
    })
    .sort((a, b) => compareText(nameOfConsumer(a.consumer), nameOfConsumer(b.consumer)));
}

function consumerOf(resource: Resource, catalog: Catalog, notes: ReadNote[]): KongConsumer {
  const { object, namespace } = resource;
  const username = stringOf(object.username) || undefined;
  const customId = stringOf(object.custom_id) || undefined;
  const credentials = stringsOf(object.credentials).flatMap((name, i): Credential[] => {
    const secret = catalog.find('/Secret', namespace, name);
    if (!secret || !hasContents(secret)) {
      const what = secret ? 'what is in' : 'there is no';
      notes.push({
        code: 'kong-no-credential',
        message: `${what} Secret ${namespace}/${name}${secret ? ' is not' : ''} among the files: who has this credential counts as unknown`,
        origin: originOf(resource, 'credentials', i),
      });
      return [];
    }
    const values = secretValues(secret);
    return [{ type: own(secret.labels, 'konghq.com/credential') ?? values.kongCredType ?? '', values }];
  });
  const of = (type: string) => credentials.filter((c) => c.type === type).map((c) => c.values);
  return {
    id: entityId('consumers', username ?? customId ?? ''),
    ...(username === undefined ? {} : { username }),
    ...(customId === undefined ? {} : { customId }),
    groups: of('acl').flatMap(({ group }) => group ?? []),
    consumerGroups: stringsOf(object.consumerGroups),
    keys: of('key-auth').flatMap(({ key }) => key ?? []),
    passwords: of('basic-auth').flatMap(({ username: user, password }) =>
      user === undefined ? [] : [{ username: user, password: password ?? '' }],
    ),
    tokens: of('jwt').flatMap(({ key, algorithm, secret }) =>
      key === undefined ? [] : [{ key, algorithm: algorithm || 'HS256', ...(secret === undefined ? {} : { secret }) }],
    ),
    origin: originOf(resource),
  };
}
