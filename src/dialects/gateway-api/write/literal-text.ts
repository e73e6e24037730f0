// Text of a template that holds no operator: what can be written where no templates are known.

/** `undefined`: an operator such as `%REQ(x-user)%` is in it. */
export function literalText(template: string): string | undefined {
  const text = template.replaceAll('%%', '\u0000');
  return text.includes('%') ? undefined : text.replaceAll('\u0000', '%');
}
