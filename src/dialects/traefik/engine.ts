// What the data plane is asked in rules and templates: the pseudo headers of simulate/engines/traefik/questions.ts. Their names are part of
// the model, so that they are written here and read there (test/traefik.test.ts holds both together).

/** A change of the path. */
export type PathStep =
  | readonly ['add', prefix: string]
  | readonly ['strip', prefixes: readonly string[], forceSlash?: true]
  | readonly ['strip-regex', patterns: readonly string[]]
  | readonly ['replace', path: string]
  | readonly ['replace-regex', pattern: string, replacement: string];

type Question =
  | {
      readonly ask: 'path-only' | 'line' | 'path' | 'noted' | 'error' | 'error-body';
      readonly steps: readonly PathStep[];
    }
  | {
      readonly ask: 'redirect';
      readonly steps: readonly PathStep[];
      readonly redirect: { readonly pattern: string; readonly replacement: string; readonly host?: string };
    }
  | { readonly ask: 'user'; readonly secret: string }
  | { readonly ask: 'host' | 'host-name' };

const WORDS: { readonly [A in Question['ask']]: string } = {
  'path-only': 'path behind the middlewares',
  line: 'path and query behind the middlewares',
  path: 'path behind the middlewares',
  noted: 'prefix or path that a middleware took away',
  error: 'status of a middleware that refuses the path',
  'error-body': 'text of a middleware that refuses the path',
  redirect: 'target of a redirect by pattern',
  user: 'user with the right password',
  host: 'host',
  'host-name': 'host without port',
};

/** The name of the pseudo header: for a person, and as JSON. Percent signs are escaped, so that it can stand in a template. */
export const questionName = (question: Question): string =>
  `:${WORDS[question.ask]} ${JSON.stringify(question).replaceAll('%', '\\u0025')}`;

/** A template that is the answer; empty where there is none. */
export const answerTemplate = (question: Question): string => `%REQ(${questionName(question)})%`;
