export { admitted } from './admit.js';
export { fileInSet } from './crd-sets.js';
export { type JsonSchema, type KindSchemas, kindSchemas, schemaOf } from './kind-schemas.js';
export { readSchema } from './read-schema.js';
export { validateResource } from './validate.js';
