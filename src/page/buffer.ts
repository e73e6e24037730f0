// The part of Node's Buffer that the simulator uses, for the browser: the bundle puts it in Buffer's place.

type Encoding = 'utf8' | 'latin1' | 'base64' | 'base64url';

class BrowserBuffer extends Uint8Array {
  override toString(encoding: Encoding = 'utf8'): string {
    if (encoding === 'utf8') return new TextDecoder().decode(this);
    let text = '';
    for (const byte of this) text += String.fromCharCode(byte);
    if (encoding === 'latin1') return text;
    const base64 = btoa(text);
    return encoding === 'base64' ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  }
}

function from(value: string | ArrayLike<number>, encoding: Encoding = 'utf8'): BrowserBuffer {
  if (typeof value !== 'string') return new BrowserBuffer(value);
  if (encoding === 'utf8') return new BrowserBuffer(new TextEncoder().encode(value));
  if (encoding === 'latin1') return new BrowserBuffer(Array.from(value, (c) => c.charCodeAt(0)));
  // Node takes both alphabets and stops at what is in neither.
  const text = /^[A-Za-z0-9+/]*/.exec(value.replaceAll('-', '+').replaceAll('_', '/'))?.[0] ?? '';
  const whole = text.length % 4 === 1 ? text.slice(0, -1) : text;
  return new BrowserBuffer(Array.from(atob(whole), (c) => c.charCodeAt(0)));
}

export const Buffer = {
  from,
  of: (...bytes: number[]): BrowserBuffer => new BrowserBuffer(bytes),
  byteLength: (text: string): number => new TextEncoder().encode(text).length,
  concat(parts: readonly Uint8Array[]): BrowserBuffer {
    const out = new BrowserBuffer(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  },
};
