// What Gateway, VirtualService, DestinationRule, ServiceEntry and Ingress of class istio mean.

import type { Reader } from '../dialect.js';
import { embedded } from './embedded.js';
import { meshAssumptions } from './mesh-assumptions.js';
import { gatewayObject, parents } from './parents.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = {
  name: 'istio',
  profile,
  read,
  assumptions: meshAssumptions,
  parents,
  embedded,
  gatewayObject,
};
