// The dialect of Envoy's own configuration: one bootstrap, written only.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { profile } from './profile.js';
import { write } from './write.js';

export const dialect: Dialect = {
  name: 'envoy',
  profile,
  write,
  accounts,
  closed: () => ({ kind: 'direct-response', status: 403 }),
};
