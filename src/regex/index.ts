// Regular expressions of users: matching (`match.ts`) and the algebra of their languages.
export { type Budget, OVERSPENT, spend } from './budget.js';
export * from './charset.js';
export { acceptsText, classOfChar, compileDfa, type Dfa, MAX_DFA_STATES, MAX_DFA_STEPS, runDfa } from './dfa.js';
export { exampleOf } from './example.js';
export * from './language.js';
export { leadingLiteral, literalPrefix, literalSuffix, requiredText } from './literal.js';
export * from './match.js';
export { TooLargeError } from './nfa.js';
export { parseRegex, RegexSyntaxError } from './parse.js';
export { patternOf } from './pattern-of.js';
export { leastProgramSize } from './program-size.js';
export * from './syntax.js';
export { foldAscii, foldCase } from './unicode.js';
