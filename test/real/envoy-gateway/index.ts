// Envoy Gateway, by its own command egctl: what it generates for a file, and what a real Envoy with it answers.
import type { System } from '../system.js';
import { askFile } from './ask-file.js';
import { checkConversions } from './convert.js';
import { withWitnesses } from './interrogate.js';
import { checkTables } from './tables.js';
import { printTranslation } from './translate.js';

export const system: System = {
  about: 'envoy-gateway: egctl 1.9.1, Envoy 1.40',
  commands: {
    translate: { usage: '<config.yaml>', limit: 60, run: printTranslation },
    convert: { usage: '[case …]', run: withWitnesses(checkConversions) },
    tables: { usage: '', limit: 120, run: checkTables },
    ask: { usage: '<config.yaml> <requests> [exchanges.json]', limit: 120, run: withWitnesses(askFile) },
  },
};
