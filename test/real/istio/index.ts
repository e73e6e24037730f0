// Istio's control plane, its generated configuration run by a real Envoy.
import type { System } from '../system.js';
import { checkAffinity } from './affinity.js';
import { askFile } from './ask-file.js';
import { checkConversions } from './convert.js';
import { fuzz } from './fuzz.js';
import { judgeFiles } from './judge.js';
import { readTruth } from './read.js';
import { compareStatuses } from './statuses.js';
import { replayTruth } from './truth.js';
import { compareValidation } from './validate.js';
import { compareVerdicts } from './verdicts.js';
import { withWitnesses } from './witnesses.js';

export const system: System = {
  about: 'istio: control plane of 2026-08-27, Envoy 1.40, admission of Kubernetes 1.36',
  commands: {
    truth: { usage: '[folder …]', run: withWitnesses(replayTruth) },
    read: { usage: '[folder …]', run: readTruth },
    convert: { usage: '[text …]', run: withWitnesses(checkConversions) },
    fuzz: { usage: '<seconds> [seed] [folder …]', run: withWitnesses(fuzz) },
    validate: { usage: '[istio|kubernetes|gateway-api …]', run: withWitnesses(compareValidation) },
    verdicts: { usage: '<objects> [seed]', run: withWitnesses(compareVerdicts) },
    judge: { usage: '<folder> …', run: withWitnesses(judgeFiles) },
    statuses: { usage: '[case …]', run: compareStatuses },
    affinity: { usage: '[folder]', run: withWitnesses(checkAffinity) },
    ask: { usage: '<config.yaml>|<folder> [requests] [exchanges.json]', limit: 120, run: withWitnesses(askFile) },
  },
};
