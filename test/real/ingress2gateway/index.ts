// ingress2gateway, the tool of SIG Network: the same files, side by side with meshgw (`npm run peers`).
import type { System } from '../system.js';
import { compare } from './compare.js';
import { VERSION } from './tools.js';

export const system: System = {
  about: `ingress2gateway: ${VERSION.slice(1)}`,
  commands: { compare: { usage: '[folder of Ingress files]', run: compare } },
};
