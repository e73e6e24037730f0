// A literal text inside a pattern.

/** RE2 text that matches `text` and nothing else (Go's regexp.QuoteMeta). */
export const quoteRegex = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
