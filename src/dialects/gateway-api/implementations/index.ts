// The implementations by name.

import type { ReadOptions } from '../../dialect.js';
import type { Implementation } from './implementation.js';
import { implementations } from './index.gen.js';

/** `--implementation`; default Istio's. */
export const implementationOf = (name: ReadOptions['implementation'] = 'istio'): Implementation =>
  implementations[name];
