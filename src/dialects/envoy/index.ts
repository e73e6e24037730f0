// The dialect of Envoy's own configuration: a dump, a bootstrap or route tables read; one bootstrap written.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { profile } from './profile.js';
import { read } from './read.js';
import { write } from './write.js';

export const dialect: Dialect = {
  name: 'envoy',
  profile,
  read,
  write,
  accounts,
  closed: () => ({ kind: 'direct-response', status: 403 }),
};
