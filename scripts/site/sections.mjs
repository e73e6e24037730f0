// What the search of the site knows: the sections of each page, as text.

/** @returns {{u: string, t: string, h: string, x: string}[]} address, title of the page, heading, text */
export function sectionsOf(url, html) {
  const main = /<article>(.*)<\/article>/s.exec(html)?.[1] ?? '';
  const title = plain(/<h1[^>]*>(.*?)<\/h1>/s.exec(main)?.[1] ?? url);
  return main
    .split(/(?=<h[1-3] id=")/)
    .map((part) => {
      const head = /^<h([1-3]) id="([^"]*)"[^>]*>(.*?)<\/h\1>/s.exec(part);
      const id = head && head[1] !== '1' ? `#${head[2]}` : '';
      return {
        u: `${url}${id}`,
        t: title,
        h: head ? plain(head[3]) : title,
        x: plain(head ? part.slice(head[0].length) : part),
      };
    })
    .filter(({ x }) => x !== '');
}

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
const plain = (html) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:lt|gt|quot|amp);/g, (e) => ENTITIES[e])
    .replaceAll(/\s+/g, ' ')
    .trim();
