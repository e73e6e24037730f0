/** Words for `--explain` and docs/rules. */
export interface RuleDocs {
  /** What happens at run time (or at `kubectl apply`), in one or two sentences. */
  readonly happens: string;
  /** What to write instead. */
  readonly instead: string;
  /** YAML that fires the rule, and YAML beside it that does not: run by the tests. */
  readonly bad: string;
  readonly good: string;
  /** `bad` is shortened for the page: a test of its own fires the rule. */
  readonly abridged?: true;
}
