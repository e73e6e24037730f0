// serve: be the gateway, on this machine.

export type { TlsSecret } from './certificates.js';
export type { ExchangeRecord } from './exchange-record.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export { type RunningServer, type ServedConfig, type ServeOptions, startServer } from './server.js';
export { tlsSecrets } from './tls-secret.js';
