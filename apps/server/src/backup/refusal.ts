/** A backup or a restore that can't be done as asked, in one line: why, and what would be right. */
export class CannotBackUp extends Error {
  override readonly name = 'CannotBackUp';
}
