/** A setting that is wrong, in one line: which one, and what would be right. Never its value: it may be a secret. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}
