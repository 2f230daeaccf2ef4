/** How a file of content is laid out: our template, or what one of three cmdlets tells (`domain.md` §4, §10.4). */
export type ContentLayout = 'template' | 'categories' | 'rooms' | 'add-ins';

const template = [
  'CategoryPath',
  'Room',
  'Type',
  'Privacy',
  'AddIn',
  'AddInUrl',
  'Invitations',
  'FileUpload',
  'ChatHistory',
  'Disabled',
] as const;
/** Those of `Get-CsPersistentChatCategory`, `-Room` and `-Addin` that the template has not. An `Addin` is an `AddIn`. */
const told = ['Identity', 'Name', 'Category', 'Url'] as const;

export const contentColumns = [...template, ...told] as const;
export type ContentColumn = (typeof contentColumns)[number];

const flags = ['Invitations', 'FileUpload', 'ChatHistory'] as const satisfies readonly ContentColumn[];

/** The layout of a file with these columns; undefined where it is none. A list of users has a `Name` too, and none of the rest. */
export function layoutOf(has: (column: ContentColumn) => boolean): ContentLayout | undefined {
  if (has('CategoryPath')) return 'template';
  if (!has('Name')) return undefined;
  if (has('Category')) return 'rooms';
  if (has('Url')) return 'add-ins';
  return flags.some((flag) => has(flag)) ? 'categories' : undefined;
}

export const layoutsWanted =
  'has neither the columns of the template (CategoryPath, Room, …) nor those of Get-CsPersistentChatCategory (Name, Invitations, …), -Room (Name, Category, …) or -Addin (Name, URL)';
