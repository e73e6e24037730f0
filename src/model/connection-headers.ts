// Headers about one connection (RFC 9110, 7.6.1).

/** What Envoy takes out of every answer that changes no protocol, whoever set it (mutateResponseHeaders in source/common/http/conn_manager_utility.cc). */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
