// The losses of a translation in groups by what a person has to do about them. Which loss is in which group says the feature table
// (convert/features); here are the words.

/** In the order in which they are listed. */
export const GROUPS = [
  { key: 'refused', mark: '✗', title: 'Not supported by the target: decide on a replacement' },
  { key: 'todo', mark: '!', title: 'To do before traffic is switched' },
  { key: 'differs', mark: '~', title: 'Different responses in some cases: check your clients' },
  { key: 'carriage', mark: '·', title: 'Same responses, different transport behaviour' },
] as const;

export type GroupKey = (typeof GROUPS)[number]['key'];
