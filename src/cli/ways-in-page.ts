// The HTML page of ways-in: its data, the findings of lint, and the simulator for its request tester.

import type { WaysIn } from '../model/index.js';
import type { Io } from './io.js';
import type { LoadedConfig } from './load.js';

export async function page(_config: LoadedConfig, _ways: WaysIn, _io: Io): Promise<string> {
  return '';
}
