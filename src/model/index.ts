// The whole model in one import.
export * from './action.js';
export * from './append.js';
export * from './assumption.js';
export * from './comparison.js';
export * from './counted.js';
export * from './gateway.js';
export * from './matchers.js';
export * from './names.gen.js';
export * from './own.js';
export * from './own-certificate.js';
export * from './parts.js';
export * from './policy.js';
export * from './request.js';
export * from './resource.js';
export * from './traverse.js';
export * from './unknown.js';
export * from './ways-in.js';
