// The implementations by name.

import type { ReadOptions } from '../../dialect.js';
import type { Implementation } from './implementation.js';
import { istio } from './istio.js';
import { standard } from './standard.js';

/** `--implementation`; default Istio's. */
export const implementationOf = (name: ReadOptions['implementation'] = 'istio'): Implementation =>
  ({ istio, standard })[name];

export { istio, standard };
