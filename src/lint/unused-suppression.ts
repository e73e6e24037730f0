// The one code that the engine itself reports.

export const UNUSED_SUPPRESSION = { code: 'MGW0901', title: 'Unused meshgw-ignore comment' } as const;
