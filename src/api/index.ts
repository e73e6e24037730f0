// What `import … from 'meshgw'` offers: one function per question, in this process. Nothing is printed, no environment variable is read,
// and what could not run is a CannotRunError. docs/library.md shows each function at work.

export type { Verification, VerifiedDifference } from '../convert/verify.js';
export {
  CannotRunError,
  type LintSummary,
  type LocatedDiagnostic,
  type Severity,
} from '../diagnostics/index.js';
export type { Level, LintConfig, Preset } from '../lint/config.js';
export type { LintResult } from '../lint/run.js';
export type {
  ConfigDiff,
  EffectiveGateway,
  GatewayDifference,
  GatewayRequest,
  Position,
  Resource,
  RouteTable,
  SimulationResult,
} from '../model/index.js';
export type { SourceText } from '../sources/index.js';
export { type Conversion, type ConvertOptions, convert, type ReportItem } from './convert.js';
export { type DiffOptions, diff } from './diff.js';
export { type LintOptions, lint } from './lint.js';
export { type LoadedConfig, type LoadOptions, load } from './load.js';
export { routes } from './routes.js';
export { type SimulateOptions, simulate } from './simulate.js';
export { type StatusList, status } from './status.js';
