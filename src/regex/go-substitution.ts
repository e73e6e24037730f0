// Replacements as Go's regexp writes them, as RE2 does: `$1`, `${name}`, `$$`; a name is as long as it can be, so that `$1x` is the group
// `1x`. Groups beyond the ninth are nothing, and so are those that the pattern does not have.

/** `\1` for `$1`. */
export function goSubstitution(pattern: string, replacement: string): string {
  const groups = groupNames(pattern);
  let out = '';
  for (let i = 0; i < replacement.length; ) {
    const c = replacement[i]!;
    const [whole, name] =
      c === '$'
        ? (/^\$(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u.exec(replacement.slice(i)) ?? []).filter(
            (x) => x !== undefined,
          )
        : [];
    if (whole !== undefined && name !== undefined) {
      const group = /^\d+$/.test(name) ? Number(name) : groups.indexOf(name) + 1 || undefined;
      if (group !== undefined && group <= Math.min(9, groups.length)) out += `\\${group}`;
      i += whole.length;
    } else if (c === '$') {
      out += '$';
      i += replacement[i + 1] === '$' ? 2 : 1;
    } else {
      out += c === '\\' ? '\\\\' : c;
      i++;
    }
  }
  return out;
}

/** Names of the groups of a pattern, in order; empty for those without one. */
export function groupNames(pattern: string): readonly string[] {
  const names: string[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\') i++;
    else if (inClass) inClass = c !== ']';
    else if (c === '[') inClass = true;
    else if (c === '(') {
      const [, name] = /^\(\?P?<(\w+)>/.exec(pattern.slice(i, i + 80)) ?? [];
      if (name !== undefined) names.push(name);
      else if (pattern[i + 1] !== '?') names.push('');
    }
  }
  return names;
}
