export * from './file-names.js';
export * from './limits.js';
export * from './package-file.js';
export * from './read-file.js';
export * from './write-file.js';
