// What a check finds.

/** One field that is not as expected. */
export interface Difference {
  /** `status`, `upstream.path`, `headers.location`. */
  readonly field: string;
  readonly want: string;
  readonly got: string;
}
