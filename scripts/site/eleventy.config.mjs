// How Eleventy reads docs/: plain Markdown as GitHub shows it, its links between files as links between pages.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { htmlName, slugger, textOf } from './names.mjs';

const REPOSITORY = manifest.homepage.replace(/#.*/, '');

export default function configure(config) {
  config.setUseGitIgnore(false);
  config.addGlobalData('layout', 'layout.mjs');
  config.addGlobalData('eleventyComputed', {
    title: ({ page }) => /^# (.+)$/m.exec(page.rawInput)?.[1].replaceAll('`', '') ?? 'meshgw',
    permalink: ({ page }) => htmlName(page.inputPath.replace(/^\.\/docs\//, '')),
  });
  config.addExtension('mjs', { key: '11ty.js' });
  config.amendLibrary('md', (markdown) => {
    markdown.set({ html: true });
    // Eleventy takes indented lines for text; on GitHub and here they are code.
    markdown.enable('code');
    markdown.core.ruler.push('pages', (state) => {
      const slug = slugger();
      const from = state.env.page.inputPath.replace(/^\.\/docs\//, '');
      for (const [i, token] of state.tokens.entries()) {
        if (token.type === 'heading_open') token.attrSet('id', slug(textOf(state.tokens[i + 1])));
        if (token.type === 'html_block')
          token.content = token.content.replaceAll(/href="([^"]+)"/g, (_, to) => `href="${target(to, from)}"`);
        for (const child of token.children ?? []) {
          const to = child.attrGet('href');
          if (to) child.attrSet('href', target(to, from));
        }
      }
    });
    // Tables are wider than a phone: they scroll by themselves.
    markdown.renderer.rules.table_open = () => '<div class="table"><table>\n';
    markdown.renderer.rules.table_close = () => '</table></div>\n';
  });
  return { markdownTemplateEngine: false, dir: { includes: '../scripts/site' } };
}

/** Where a link of a page leads on the site: to a page, or to the repository for what is no document. */
function target(to, from) {
  if (/^(?:[a-z]+:|#)/.test(to)) return to;
  const [path, anchor] = to.split('#');
  const full = posix.join('docs', posix.dirname(from), path);
  if (!full.startsWith('docs/')) return `${REPOSITORY}/blob/main/${full}${anchor ? `#${anchor}` : ''}`;
  const page = path.endsWith('/') ? `${path}README.md` : path;
  if (path.endsWith('/') && !existsSync(`${full}README.md`)) return `${REPOSITORY}/tree/main/${full}`;
  return `${page.endsWith('.md') ? htmlName(page) : page}${anchor ? `#${anchor}` : ''}`;
}
