/** The format `date-time` of a schema (RFC 3339), as loosely as the API server reads it. */
export const isDateTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d[Tt ]/.test(text) && !Number.isNaN(Date.parse(text));
