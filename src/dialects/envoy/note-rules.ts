// What the notes of the reader of Envoy's configuration are to lint.

import type { NoteRule } from '../note-rule.js';

const dump = (state: string): string =>
  `configs:\n- "@type": type.googleapis.com/envoy.admin.v3.ListenersConfigDump\n  dynamic_listeners:\n  - name: 0.0.0.0_80\n    ${state}`;

export const noteRules: readonly NoteRule[] = [
  {
    code: 'MGW1601',
    name: 'update-refused',
    severity: 'error',
    title: 'Envoy refuses a configuration, or refused an update of it',
    notes: ['envoy-refused'],
    docs: () => ({
      happens:
        'The gateway goes on with the version before it, or without it: what the files say is not what it does. A file with a value of the wrong type is refused as a whole.',
      instead: 'A configuration that Envoy accepts; its message names the part that it does not.',
      bad: dump('error_state: {details: "filter chain b has the same matching rules as a"}'),
      good: dump('active_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
    }),
  },
  {
    code: 'MGW1602',
    name: 'not-ready',
    severity: 'warning',
    title: 'A listener or a cluster of Envoy is still warming',
    notes: ['envoy-warming'],
    docs: () => ({
      happens:
        'Envoy does not use it before it has all that it asks for: a listener does not accept connections, a route to a cluster answers 503. A version before it stays in use. The usual cause is a certificate whose Secret is not there.',
      instead: 'What it waits for: the Secret of a certificate where the gateway runs, routes, endpoints.',
      bad: dump('warming_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
      good: dump('active_state: {listener: {name: 0.0.0.0_80, address: {socket_address: {port_value: 80}}}}'),
    }),
  },
];
