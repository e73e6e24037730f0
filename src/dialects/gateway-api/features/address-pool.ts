// Which addresses a cluster can give to Gateways is not in the files: `--gateway-addresses` says it.

import { BlockList, isIP } from 'node:net';
import { CannotRunError } from '../../../diagnostics/index.js';

/** Whether the cluster can give an IP address or a host name to a Gateway. */
export type AddressPool = (address: string) => boolean;

const HOST_NAME = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Of addresses, ranges (CIDR) and host names, with commas between them. Throws CannotRunError for anything else. */
export function addressPool(text: string): AddressPool {
  const ranges = new BlockList();
  const names = new Set<string>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [address = '', length, ...rest] = entry.split('/');
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    const isRange = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
    if (version !== 0 && rest.length === 0 && isRange)
      ranges.addSubnet(address, length === undefined ? bits : Number(length), `ipv${version as 4 | 6}`);
    else if (HOST_NAME.test(entry)) names.add(entry.toLowerCase());
    else
      throw new CannotRunError(
        `--gateway-addresses: ${JSON.stringify(entry)} is no address, range or host name`,
        'for example --gateway-addresses 192.0.2.0/24,2001:db8::/64',
      );
  }
  return (address) => {
    const version = isIP(address);
    return version === 0 ? names.has(address.toLowerCase()) : ranges.check(address, `ipv${version as 4 | 6}`);
  };
}
