export * from './file-names.js';
export * from './limits.js';
export * from './read-file.js';
export * from './write-file.js';
