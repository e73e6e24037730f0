// Claims of several objects to one name (a host of the mesh, a host and port): which of them meet, given the namespaces that
// see each (`*`: all).

/** For each name and namespace the claims that meet there, where there are several. */
export function* rivals<T>(
  claims: Iterable<{ readonly name: string; readonly scopes: readonly string[]; readonly claim: T }>,
): Generator<{ readonly name: string; readonly rivals: readonly T[] }> {
  const byName = new Map<string, Map<string, T[]>>();
  for (const { name, scopes, claim } of claims) {
    const byScope = byName.get(name) ?? new Map<string, T[]>();
    byName.set(name, byScope);
    for (const scope of scopes) {
      const list = byScope.get(scope);
      if (list) list.push(claim);
      else byScope.set(scope, [claim]);
    }
  }
  for (const [name, byScope] of byName)
    for (const [scope, here] of byScope) {
      const all = scope === '*' ? here : [...here, ...(byScope.get('*') ?? [])];
      if (all.length > 1) yield { name, rivals: all };
    }
}
