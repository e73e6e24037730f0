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
  | { readonly ask: 'user'; readonly users: readonly string[] }
  | { readonly ask: 'host' | 'host-name' };

/** The name of the pseudo header. Percent signs are escaped, so that it can stand in a template. */
export const questionName = (question: Question): string =>
  `:traefik${JSON.stringify(question).replaceAll('%', '\\u0025')}`;

/** A template that is the answer; empty where there is none. */
export const answerTemplate = (question: Question): string => `%REQ(${questionName(question)})%`;
