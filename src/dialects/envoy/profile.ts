// What everybody may ask about Envoy's own configuration.

import type { DialectProfile } from '../profile.js';
import { envoyDocument, GROUP, KINDS } from './read/documents.js';

export const profile: DialectProfile = {
  name: 'envoy',
  title: 'Envoy',
  rank: 10,
  kinds: [{ group: GROUP, kinds: KINDS }],
  document: envoyDocument,
  gatewaysFrom: 'a config dump of Envoy',
  ways: { envoy: 'Envoy' },
  flags: [
    {
      name: 'port',
      value: '<listener=port>',
      description: 'port on which clients meet a listener of an Envoy configuration, such as 8080=80,8443=443',
      takes: 'text',
    },
    {
      name: 'cluster',
      value: '<name=host:port>',
      description: 'convert: where clusters of an Envoy configuration lead, such as web=web.prod:8080',
      takes: 'text',
    },
  ],
  source: {
    wanted: 'configuration of Envoy',
    part: ({ group }) => (group === GROUP ? 'translated' : undefined),
  },
  target: { writesOperators: () => true },
};
