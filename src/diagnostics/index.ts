export * from './diagnostic.js';
export * from './errors.js';
export * from './located.js';
export * from './marked.js';
export * from './nearest-name.js';
export * from './rule-docs.js';
export * from './safe-text.js';
