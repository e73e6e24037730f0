// Every way from outside to each service of a configuration, and which approach each service needs.
export { FEATURES, type Feature } from './features.js';
export type { AdviseOptions, Answered, Translated, WaysInput, WaysOptions } from './input.js';
export { waysIn } from './ways-in.js';
