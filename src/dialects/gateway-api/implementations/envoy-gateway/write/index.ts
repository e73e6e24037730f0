// What is written for Envoy Gateway beside the standard's kinds.

import type { OwnWriter } from '../../../write/own-writer.js';
import { clientTrafficPolicies } from './client-traffic.js';
import { answerFilter, hostFilter, rewriteFilter } from './filters.js';
import { placed } from './placed.js';
import { canCheck, rulePolicies, takes } from './policies.js';

export const egWriter: OwnWriter = {
  rewrite: rewriteFilter,
  hostFrom: hostFilter,
  hostOfBackend: (hostname) => ({ type: 'URLRewrite', urlRewrite: { hostname } }),
  answer: answerFilter,
  takes,
  canCheck,
  policies: rulePolicies,
  placed,
  besideGateway: clientTrafficPolicies,
};
