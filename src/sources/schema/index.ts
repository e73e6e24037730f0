export { admitted } from './admit.js';
export { type JsonSchema, type KindSchemas, kindSchemas, schemaOf } from './kind-schemas.js';
export { validateResource } from './validate.js';
