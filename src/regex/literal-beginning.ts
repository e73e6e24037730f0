// The text that every match of an RE2 pattern begins with: what an index of paths may rely on. Conservative: stops at
// the first thing that is not a plain ASCII character.

const META = new Set('\\.+*?()|[]{}^$');

/** Longest literal beginning that is easy to see; `''` where there is none. */
export function literalBeginning(pattern: string): string {
  if (pattern.includes('\\Q') || hasTopLevelAlternative(pattern)) return '';
  let literal = '';
  for (let i = pattern[0] === '^' ? 1 : 0; i < pattern.length; i++) {
    let c = pattern[i]!;
    if (c === '\\') {
      c = pattern[++i] ?? '';
      if (!/^[!-/:-@[-`{-~]$/.test(c)) break;
    } else if (META.has(c)) break;
    if (c > '~') break;
    const next = pattern[i + 1];
    if (next === '?' || next === '*' || next === '{') break;
    literal += c;
    if (next === '+') break;
  }
  return literal;
}

/** The literal `x` of a pattern `x.*` (also `x` alone is not: that is an exact match), where nothing else is in it. */
export function literalThenAnything(pattern: string): string | undefined {
  if (!pattern.endsWith('.*')) return undefined;
  const head = pattern.slice(0, -2);
  const literal = literalBeginning(head);
  return literal === head.replace(/\\([!-/:-@[-`{-~])/g, '$1') && head !== '' && isLiteral(head) ? literal : undefined;
}

const isLiteral = (head: string): boolean => {
  for (let i = 0; i < head.length; i++) {
    if (head[i] === '\\') i++;
    else if (META.has(head[i]!)) return false;
  }
  return true;
};

function hasTopLevelAlternative(pattern: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\') i++;
    else if (inClass) inClass = c !== ']';
    else if (c === '[') {
      inClass = true;
      if (pattern[i + 1] === '^') i++;
      if (pattern[i + 1] === ']') i++;
    } else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) return true;
  }
  return false;
}
