// Names of pages and of their headings.

/** `ci.md` → `ci.html`, `rules/README.md` → `rules/index.html`. */
export const htmlName = (path) => path.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html');

/** Ids of headings as GitHub gives them, each once on a page. */
export function slugger() {
  const seen = new Map();
  return (text) => {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const n = seen.get(slug) ?? 0;
    seen.set(slug, n + 1);
    return n === 0 ? slug : `${slug}-${n}`;
  };
}

/** The text of a heading's content. */
export const textOf = (inline) =>
  inline.children.map((child) => (child.type === 'text' || child.type === 'code_inline' ? child.content : '')).join('');
