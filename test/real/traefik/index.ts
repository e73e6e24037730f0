// Traefik itself, reading a small Kubernetes API.
import type { System } from '../system.js';
import { askFile } from './ask-file.js';
import { fuzz } from './fuzz.js';
import { replayTruth } from './truth.js';

export const system: System = {
  about: 'traefik: 3.7.13, without its ACME client',
  commands: {
    ask: { usage: '<config.yaml> <requests> [exchanges.json] [static.yaml]', limit: 120, run: askFile },
    fuzz: { usage: '<seconds> [seed] [area …]', run: fuzz },
    truth: { usage: '<folder> …', run: replayTruth },
  },
};
