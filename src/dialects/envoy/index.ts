// The dialect of Envoy's own configuration: a dump, a bootstrap or route tables read; one bootstrap written.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { fields } from './fields/index.js';
import { reader } from './reader.js';
import { withServices } from './services.js';
import { write } from './write.js';

export const dialect: Dialect = {
  ...reader,
  withServices,
  write,
  accounts,
  fields,
  closed: () => ({ kind: 'direct-response', status: 403 }),
};
