// Which local port stands for a gateway's port (contract "meshgw serve"): itself from 1024 on, else 18000 more, unless
// `--listen` says otherwise.

const FIRST_FREE = 1_024;
const OFFSET = 18_000;

/** 0: any free port. */
export const localPort = (gatewayPort: number, listen: ReadonlyMap<number, number> | undefined): number =>
  listen?.get(gatewayPort) ?? (gatewayPort >= FIRST_FREE ? gatewayPort : gatewayPort + OFFSET);
