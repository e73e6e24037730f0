// The semantic difference of configurations.
export { type ConfigDiff, type ConfigDiffOptions, diffConfigs } from './diff-configs.js';
export {
  type Compared,
  type Difference,
  type DiffOptions,
  diffGateways,
  type GatewayDiff,
  type UndecidedPart,
} from './diff-gateways.js';
