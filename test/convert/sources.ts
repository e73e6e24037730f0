// Reading and checking, as the command line does both.
export { locate, parseSource } from '../../src/sources/index.js';
export { validateResource } from '../../src/sources/schema/validate.js';
