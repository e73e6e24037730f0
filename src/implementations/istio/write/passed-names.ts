// The server names (SNI) whose connections a gateway passes on as bytes: by them a policy for requests tells these connections from those
// that it is for. Only names that no other chain of the port may take are such: a rule that does not apply there leaves no request unchecked.

import { type ChainMatch, type FilterChain, hostText, type L4Chain, type Listener } from '../../../model/index.js';
import { subsetOf } from '../hosts.js';

export interface PassedNames {
  /** Of the whole gateway; undefined: bytes are forwarded whose connections have no such name, or requests come with one on another port. */
  readonly all: readonly string[] | undefined;
  readonly on: (port: number) => readonly string[];
}

export function passedNames(listeners: readonly Listener[]): PassedNames {
  const chains = new Map<number, FilterChain[]>();
  for (const { port, filterChains } of listeners) chains.set(port, [...(chains.get(port) ?? []), ...filterChains]);
  const byPort = new Map([...chains].map(([port, here]) => [port, namesOn(here)] as const));
  const all = [...new Set([...byPort.values()].flatMap(({ names }) => [...names]))].sort();
  const isSame = ([port, here]: readonly [number, readonly FilterChain[]]): boolean => {
    const { names, isWhole } = byPort.get(port)!;
    return isWhole && (!here.some((c) => c.kind === 'http' && c.tls) || all.every((name) => names.has(name)));
  };
  return {
    all: [...chains].every(isSame) ? all : undefined,
    on: (port) => [...(byPort.get(port)?.names ?? [])].sort(),
  };
}

/** `isWhole`: every connection whose bytes are forwarded has one of the names. */
function namesOn(chains: readonly FilterChain[]): { readonly names: ReadonlySet<string>; readonly isWhole: boolean } {
  const passing = chains.filter((c): c is L4Chain => c.kind === 'l4');
  const names = passing.map(({ match }) => (namesOf(match) ?? []).filter((name) => !isTaken(name, chains)));
  return {
    names: new Set(names.flat()),
    isWhole: passing.every(({ match }, i) => names[i]!.length > 0 && names[i]!.length === match.sni?.length),
  };
}

/** In the words of a policy; undefined: the chain asks for more than a name. */
const namesOf = ({ sni, source, destination, sniTests }: ChainMatch): string[] | undefined =>
  source || destination || sniTests
    ? undefined
    : sni?.flatMap((d) => (d.kind === 'suffix' || (d.kind === 'exact' && !d.value.includes('*')) ? [hostText(d)] : []));

/** A chain for requests is for the name, or for a part of what a wildcard stands for. */
const isTaken = (name: string, chains: readonly FilterChain[]): boolean =>
  chains.some((chain) => {
    if (chain.kind !== 'http') return false;
    const own = (chain.match.sni ?? []).map(hostText);
    const hosts = name.startsWith('*') ? chain.virtualHosts.flatMap((v) => v.domains.map(hostText)) : [];
    return [...own, ...hosts].some((other) => subsetOf(other, name));
  });
