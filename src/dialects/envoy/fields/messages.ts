// What the fields of Envoy's messages become in the model: by message, because one message stands in many places (a route in a listener,
// in a dump, alone).

import { table } from '../../../model/index.js';
import { CLUSTERS } from './clusters.js';
import { DUMP } from './dump.js';
import { FILTERS } from './filters.js';
import { LISTENERS } from './listeners.js';
import type { Message } from './message.js';
import { ROUTES } from './routes.js';

/** By the kind of a document, or the last word of a type. */
export const MESSAGES: ReadonlyMap<string, Message> = table<Message>({
  ...DUMP,
  ...LISTENERS,
  ...ROUTES,
  ...FILTERS,
  ...CLUSTERS,
});
