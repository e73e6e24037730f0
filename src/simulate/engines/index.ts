// The rules of each engine by name.

import type { Engine } from '../../model/index.js';
import type { EngineRules } from './engine-rules.js';
import { envoy } from './envoy.js';
import { nginx } from './nginx.js';
import { plain } from './plain.js';

export const engines: Readonly<Record<Engine, EngineRules>> = { envoy, nginx, plain };
