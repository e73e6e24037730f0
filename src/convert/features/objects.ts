// What becomes of fields and objects as a whole: what no reader reads, what goes with a rule that is left out, what stays behind.

import type { Unsupported } from '../../model/index.js';
import { type Feature, UNSEEN } from './feature.js';

/** What a reader found and the model cannot hold; reported under the name that the reader gives it. */
const UNSUPPORTED = {
  'unsupported.routing': {
    severity: 'refused',
    group: 'refused',
    title: 'Routing that meshgw does not model',
    documentation: 'the requests that a rule matches are unknown',
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
    documentation: 'checks that were not understood',
    protects: 'requests that it refuses are accepted',
    decision: 'find out what it refuses, and what replaces it',
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
  'rule.forgotten': {
    severity: 'refused',
    group: 'refused',
    title: 'Rule without a counterpart',
    documentation: 'nothing was written for a rule, and no other entry gives the reason: report it as a bug of meshgw',
    leavesOut: true,
    effect: UNSEEN,
  },
  'field.left-out': {
    severity: 'refused',
    group: 'refused',
    title: 'Field of a rule that is left out',
    documentation: 'left out with its rule, for the reason given there',
    effect: UNSEEN,
  },
  'field.closed': {
    severity: 'refused',
    group: 'refused',
    title: 'Field of a rule that is closed',
    documentation: 'comes into the output with the decision that the rule waits for',
    effect: UNSEEN,
  },
  'field.partly': {
    severity: 'approximate',
    group: 'differs',
    title: 'Field that is written in part',
    documentation: 'is written for some of the rules or hosts that it applies to; the others are left out',
    effect: UNSEEN,
  },
  'field.no-effect': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Field without an effect on requests',
    documentation: 'changes no response of the gateway, so that nothing is written for it',
    effect: UNSEEN,
  },
  'field.not-read': {
    severity: 'approximate',
    group: 'todo',
    title: 'Field that is not read',
    documentation: 'meshgw does not read the field: its effect is not in the output',
    decision: 'check its purpose',
    effect: UNSEEN,
  },
  'object.stays': {
    severity: 'refused',
    group: 'refused',
    title: 'Object of another dialect on the same gateway',
    documentation:
      'the gateway also serves rules of objects that this translation does not start from: **they stay on the old gateway**',
    decision: 'translate them too, and move both in one step',
    effect: UNSEEN,
  },
  'object.not-read': {
    severity: 'refused',
    group: 'refused',
    title: 'Object that meshgw does not read',
    documentation: 'what it does is not known, and nothing is written for it',
    withoutCounterpart: true,
    effect: UNSEEN,
  },
  'object.not-served': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Object that no gateway of the files serves',
    documentation: 'no rule of the object is in the configuration of a gateway, so that nothing is written for it',
    effect: UNSEEN,
  },
  'virtualservice.mesh': {
    severity: 'approximate',
    group: 'todo',
    title: 'Rules for the mesh',
    documentation: 'a VirtualService for `mesh` also holds for calls between services, which the output does not cover',
    decision: 'keep a VirtualService for `mesh` alone',
    effect: UNSEEN,
  },
  'annotation.controller': {
    severity: 'refused',
    group: 'refused',
    title: 'Annotation of the controller of the Ingress',
    documentation:
      'its effect in the controller is unknown: it may protect (authentication, address lists) or change requests',
    protects: 'requests that it refuses are accepted',
    decision: 'find out what it does, and what replaces it',
    effect: UNSEEN,
  },
  'gateway.missing': {
    severity: 'refused',
    group: 'refused',
    title: 'Gateway that is not in the files',
    documentation: 'routes of a Gateway that is kept elsewhere are not translated for it',
    decision: 'add its file, or state that it exists with `--assume-gateway NAMESPACE/NAME`',
    withoutCounterpart: true,
    effect: UNSEEN,
  },
  'annotation.foreign': {
    severity: 'approximate',
    group: 'todo',
    title: 'Annotation of another controller',
    documentation: 'what cert-manager, external-dns and others read from the Ingress',
    decision: 'point its reader to the new objects',
    effect: UNSEEN,
  },
} as const satisfies Record<string, Feature>;
