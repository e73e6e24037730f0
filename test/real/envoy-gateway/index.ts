// Envoy Gateway, by its own command egctl: what it generates for a file.
import type { System } from '../system.js';
import { printTranslation } from './translate.js';

export const system: System = {
  about: 'envoy-gateway: egctl 1.9.1',
  commands: { translate: { usage: '<config.yaml>', limit: 60, run: printTranslation } },
};
