/** The parameters of a short list that is read whole. */
export const wholeList = { limit: '500' } as const;
