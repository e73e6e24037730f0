// The one code that the engine itself reports.

export const UNUSED_SUPPRESSION = { code: 'MGW0901', title: 'A meshgw-ignore comment ignores nothing' } as const;
