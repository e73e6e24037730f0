// What becomes of fields and objects as a whole: what no reader reads, what goes with a rule that is left out, what stays behind.

import type { Unsupported } from '../../model/index.js';
import { type Feature, UNSEEN } from './feature.js';

/** What a reader found and the model cannot hold; reported under the name that the reader gives it. */
const UNSUPPORTED = {
  'unsupported.routing': {
    severity: 'refused',
    group: 'refused',
    title: 'Routing that meshgw does not model',
    documentation: 'which requests a rule takes is not known',
    effect: UNSEEN,
  },
  'unsupported.change': {
    severity: 'refused',
    group: 'refused',
    title: 'Changes that meshgw does not model',
    documentation: 'snippets and other changes of requests that were not understood',
    effect: UNSEEN,
  },
  'unsupported.security': {
    severity: 'refused',
    group: 'refused',
    title: 'Protection that meshgw does not model',
    documentation: 'checks that were not understood: **who they refuse may be let in**',
    effect: UNSEEN,
  },
  'unsupported.delivery': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Delivery settings that meshgw does not model',
    documentation: 'settings of connections that were not understood',
    effect: UNSEEN,
  },
} as const satisfies Record<`unsupported.${Unsupported['effect']}`, Feature>;

export const OBJECTS = {
  ...UNSUPPORTED,
  'annotation.foreign': {
    severity: 'approximate',
    group: 'todo',
    title: 'Annotation of another controller',
    documentation: 'what cert-manager, external-dns and others read from the Ingress',
    decision: 'tell its reader of the new objects',
    effect: UNSEEN,
  },
} as const satisfies Record<string, Feature>;
