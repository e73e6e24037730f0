// What a search finds: words in the texts of a way, paths and hosts that its patterns take (`/statusx` finds "begins /status"), URLs.

import { matchWords } from '../diff/words.js';
import type { EffectiveGateway, ServiceWays, StringMatcher } from '../model/index.js';
import { wayName } from '../report/ways-in-words.js';
import { compileStringMatcher, type StringTest } from '../simulate/match-string.js';
import type { Tree, Way } from './tree.js';

export interface Found {
  readonly ways: readonly Way[];
  readonly services: readonly ServiceWays[];
}

export interface Search {
  /** Everything for an empty query. */
  find(query: string): Found;
}

export function searchOf({ ways, services }: Tree, gateways: readonly EffectiveGateway[]): Search {
  const takesPath = pathTests(gateways);
  const texts = new Map(ways.map((way) => [way, textOf(way)]));
  const takes = (way: Way, word: string): boolean => {
    if (texts.get(way)!.includes(word.toLowerCase())) return true;
    const path = (text: string) => /^HTTPS?$/.test(way.way.protocol) && takesPath(way.way.path, text);
    if (word.startsWith('/')) return path(word);
    const url = /^(?:https?:\/\/)?([^/:]+\.[^/:]+|localhost)(?::(\d+))?(\/.*)?$/i.exec(word);
    if (!url) return false;
    const [, host, port, rest] = url;
    if (port !== undefined && port !== String(way.way.port)) return false;
    // A bare name finds `*.example.com`; what takes any host at all is of interest only with a path.
    return (
      hostsOf(way).some((pattern) => takesName(pattern, host!.toLowerCase(), rest !== undefined)) &&
      (rest === undefined || path(rest))
    );
  };
  return {
    find(query) {
      const words = query.split(/\s+/).filter((w) => w !== '');
      if (words.length === 0) return { ways, services };
      const found = ways.filter((way) => words.every((word) => takes(way, word)));
      const goals = new Set(found.map((way) => way.service));
      const named = (s: ServiceWays) =>
        words.every((w) => `${s.name} ${s.host}`.toLowerCase().includes(w.toLowerCase()));
      return { ways: found, services: services.filter((s) => goals.has(s) || (s.ways.length === 0 && named(s))) };
    },
  };
}

const hostsOf = ({ way }: Way): readonly string[] => (way.hosts.length > 0 ? way.hosts : (way.sni ?? []));

const takesName = (pattern: string, host: string, any: boolean): boolean =>
  pattern === '*' ? any : pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;

/** Whether a path, without its query, is taken by the pattern that a way says in words. No words: any path is. */
function pathTests(gateways: readonly EffectiveGateway[]): (words: string | undefined, path: string) => boolean {
  const tests = new Map<string, StringTest>();
  const learn = (path: StringMatcher | undefined) => {
    const words = path && matchWords({ path, headers: [], query: [] })[0]?.slice('path '.length);
    if (words !== undefined && !tests.has(words)) tests.set(words, compileStringMatcher(path!));
  };
  for (const { listeners } of gateways)
    for (const { filterChains } of listeners)
      for (const chain of filterChains)
        if (chain.kind === 'http')
          for (const { routes } of chain.virtualHosts) for (const { match } of routes) learn(match.path);
  return (words, path) => words === undefined || (tests.get(words)?.(path.replace(/[?#].*$/s, '')) ?? false);
}

function textOf({ way, service }: Way): string {
  return [
    service.name,
    service.host,
    ...way.hosts,
    ...(way.sni ?? []),
    way.path ?? '',
    ...way.conditions,
    way.gateway,
    wayName(way),
    String(way.port),
    way.protocol,
    way.rule.resource,
    way.rule.file,
  ]
    .join(' ')
    .toLowerCase();
}
