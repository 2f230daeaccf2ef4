export const languages = { en: 'English', ru: 'Русский' } as const;
export type Language = keyof typeof languages;
