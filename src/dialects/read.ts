// From objects to meaning for those who have all dialects loaded: translations, and tests.

import { dialects } from './index.gen.js';
import { addReaders } from './readers.js';

addReaders(dialects);

export { readLoaded as readGateways } from './read-loaded.js';
