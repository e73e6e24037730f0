// What meshgw claims of the suite: every feature of the profiles but those named here.

export const PROFILES = ['GATEWAY-HTTP', 'GATEWAY-GRPC', 'GATEWAY-TLS'];

/** Features that are not claimed, with the reason. */
export const NOT_CLAIMED: Readonly<Record<string, string>> = {
  UDPRoute: 'serve forwards no datagrams',
  GatewayInfrastructure: 'meshgw makes no objects for a Gateway that its labels could be put on',
  GatewayStaticAddresses: 'serve listens where --host says',
  GatewayAddressEmpty: 'serve listens where --host says',
};
