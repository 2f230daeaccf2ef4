/** A migration that can't be done as asked, in one line: why, and what would be right. */
export class CannotMigrate extends Error {
  override readonly name = 'CannotMigrate';
}
