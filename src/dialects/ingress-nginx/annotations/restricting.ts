// Raw nginx configuration that decides who is let in, by its directives: addresses, passwords, questions to others, refusals.

const DIRECTIVE =
  /(^|[;{}\s])(allow|deny|satisfy|auth_(basic|request|jwt)\w*|limit_except|secure_link\w*|valid_referers|ssl_verify_client|access_by_lua\w*|modsecurity_rules|return\s+(401|403|444))\b/i;

export const isRestricting = (snippet: string): boolean => DIRECTIVE.test(snippet.replace(/#.*$/gm, ''));
