// Paths as Kong's schema compares them with their normal form (kong/tools/uri.lua; the engine's form of it is simulate/engines/kong/uri.ts,
// which dialects do not import).

const RESERVED = new Set([..."!*'();:@&=+$,/?%#[]"].map((c) => c.charCodeAt(0)));

export function normalizeUri(path: string): string {
  const decoded = decode(path);
  const out: string[] = [];
  let open = false;
  for (const [i, segment] of decoded.split('/').entries()) {
    if (i === 0 && segment === '') continue;
    open = segment === '' || segment === '.' || segment === '..';
    if (segment === '..') out.pop();
    else if (!open) out.push(segment);
  }
  return `/${out.join('/')}${open && out.length > 0 ? '/' : ''}`;
}

/** Escapes of reserved characters stay, in upper case; bytes that are no text are shown as they are escaped. */
function decode(path: string): string {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run.match(/%../g)!.map((written) => Number.parseInt(written.slice(1), 16));
    let text = '';
    let pending: number[] = [];
    const flush = (): void => {
      text += Buffer.from(pending).toString('utf8');
      pending = [];
    };
    for (const byte of bytes) {
      if (RESERVED.has(byte)) {
        flush();
        text += `%${byte.toString(16).toUpperCase()}`;
      } else pending.push(byte);
    }
    flush();
    return text;
  });
}

/** A percent sign that begins no escape; looked at only where all characters are those of RFC 3986. */
export function escapesOf(path: string): string | undefined {
  if (!/^\/[\w.\-~/%:@!$&'()*+,;=]*$/.test(path)) return undefined;
  const raw = path.replace(/%[0-9A-Fa-f]{2}/g, '___');
  return /%.?.?/.exec(raw)?.[0];
}
