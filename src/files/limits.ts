// How much of what a stranger can put into files is read. SECURITY.md tells these numbers, and a test compares them.

const MB = 1024 * 1024;

/** One file, standard input, one output of git. A cluster's whole ingress configuration is far below; the memory of a run grows with it. Bytes. */
export const MAX_FILE_BYTES = 64 * MB;

/** All configuration files of one run together, also those of a git revision. Bytes. */
export const MAX_TOTAL_BYTES = 256 * MB;

/** `meshgw.config.yaml`. Bytes. */
export const MAX_CONFIG_BYTES = MB;

/** Files and folders that are looked at below one named folder. */
export const MAX_ENTRIES = 500_000;

/** `64 MB`. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
