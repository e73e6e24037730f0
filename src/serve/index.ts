// serve: be the gateway, on this machine.

export { jsonLine, textLine } from './access-log.js';
export {
  type AdminPage,
  type AdminQuestion,
  adminPage,
  type RouteTables,
  readyPage,
  startAdmin,
  statsPage,
} from './admin.js';
export type { AdminServer } from './admin-server.js';
export { bugReporter } from './bug-report.js';
export { type Authority, createAuthority, type TlsSecret } from './certificates.js';
export { type Bootstrap, type EnvoyOptions, type RunningEnvoy, startEnvoyEngine } from './envoy-engine.js';
export type { ExchangeRecord } from './exchange-record.js';
export { guard } from './guard.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export { credentialNames } from './mask-credentials.js';
export { type RecordedExchange, recordedExchange } from './recording.js';
export type { TokenCheck } from './runtime.js';
export { type RunningServer, type ServedConfig, type ServeOptions, startServer } from './server.js';
export { type Counts, ended, sumOf } from './stats.js';
export { authoritiesOf, tlsSecrets } from './tls-secret.js';
