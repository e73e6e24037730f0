// The data path: compile a gateway once, decide requests, explain a decision, print it.

export type { Connection } from './compile.js';
export { type CompiledGateway, compile, selectChain } from './compile.js';
export { compiledOf } from './compiled.js';
export type { ConnectionRequest } from './connection.js';
export { connectionOf, jwtRulesFor } from './connection-of.js';
export { decide } from './decide.js';
export type * from './decision.js';
export { seededDraw } from './draw.js';
export type { ChangingHeaders, EngineRules } from './engines/engine-rules.js';
export { type Explanation, explain } from './explain.js';
export { gatewayFor } from './gateway-for.js';
export { hintFor } from './hints.js';
export { tokenBuckets } from './policies/token-bucket.js';
export { reasonOf } from './reason.js';
export { asReceived } from './received.js';
export { type ResultOptions, toResult } from './result.js';
export { cookieValue, hashesFor, setCookies } from './session-cookies.js';
