// Without `validateResource`: who loads it loads the compiler of schemas (validate.ts, by shape-check.ts).

export { admitted } from './admit.js';
export { fileInSet } from './crd-sets.js';
export { type JsonSchema, type KindSchemas, kindSchemas, schemaOf } from './kind-schemas.js';
export { readSchema } from './read-schema.js';
