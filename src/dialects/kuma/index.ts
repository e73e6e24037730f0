// The dialect `kuma`: the builtin gateway of Kuma 2.x.

import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { settingsOf } from './fields.js';
import { reader } from './reader.js';

export const dialect: Dialect = { ...reader, feeds, settings: settingsOf };
