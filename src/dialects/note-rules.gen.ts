// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { DialectName } from '../model/index.js';
import type { NoteRule } from './note-rule.js';
import { noteRules as envoy } from './envoy/note-rules.js';
import { noteRules as ingressNginx } from './ingress-nginx/note-rules.js';
import { noteRules as kong } from './kong/note-rules.js';
import { noteRules as traefik } from './traefik/note-rules.js';

export const noteRulesOf: Readonly<Partial<Record<DialectName, readonly NoteRule[]>>> = { envoy, 'ingress-nginx': ingressNginx, kong, traefik };
