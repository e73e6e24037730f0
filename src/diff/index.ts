// The semantic difference of configurations, their route tables, and tests made from them.

export type { Compared, ConfigDiff, GatewayDiff, GatewayDifference, UndecidedPart } from '../model/index.js';
export { newRun } from '../space/index.js';
export { type ConfigDiffOptions, diffConfigs } from './diff-configs.js';
export { type DiffOptions, diffGateways } from './diff-gateways.js';
export { type GeneratedTest, generateTests } from './generate-tests.js';
export { type RouteChanges, routeChanges } from './route-changes.js';
export { routeTable } from './route-table.js';
