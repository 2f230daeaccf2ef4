/** First in the key of what changes as the log grows. */
export const viewKey = 'view';
/** First in the key of what was at a moment: that does not change. */
export const pastKey = 'past';
