export { admitted } from './admit.js';
export { type JsonSchema, type KindSchemas, kindSchemas, readSchema, schemaOf } from './kind-schemas.js';
export { validateResource } from './validate.js';
