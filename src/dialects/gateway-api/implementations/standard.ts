// What the standard itself says (gateway-api.sigs.k8s.io, v1), and nothing of any implementation. Gateways of classes that nobody here
// knows are read so; what the text leaves open (headers that are set on the way, normalisation of paths) is left alone.

import { plainTemplate } from '../../../model/index.js';
import { byPrecedence } from '../features/precedence.js';
import { specReplacePrefix } from '../features/rewrite.js';
import { specVirtualHosts } from '../features/spec-virtual-hosts.js';
import type { Implementation } from './implementation.js';

export const standard: Implementation = {
  name: 'standard',
  engine: 'plain',
  precedence: byPrecedence,
  invalidRule: 'rule',
  virtualHosts: specVirtualHosts,
  rewriteFullPath: (to) => ({ kind: 'full', to: plainTemplate(to) }),
  rewritePrefix: specReplacePrefix,
  redirectPrefix: specReplacePrefix,
};
