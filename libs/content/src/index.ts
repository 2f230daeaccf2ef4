import { anyCommand, type Context } from '#kernel';
import { addAddInCommand } from './add-add-in.js';
import { addCategoryCommand } from './add-category.js';
import { addRoomCommand } from './add-room.js';
import { attachAddInCommand } from './attach-add-in.js';
import { contentEvents } from './content-events.js';
import { detachAddInCommand } from './detach-add-in.js';
import { excludeRoomCommand } from './exclude-room.js';
import { includeRoomCommand } from './include-room.js';
import { removeAddInCommand } from './remove-add-in.js';
import { removeCategoryCommand } from './remove-category.js';
import { removeRoomCommand } from './remove-room.js';

export { batchThings, type Carriable, carryOver, type CarryOver, isTooLong } from './carry-over.js';
export { takeBackNext, type TakeBack } from './take-back.js';
export { contentStream, holdsContent } from './content.js';
export { sayCount } from './say-count.js';
export { isClash } from './carried-over.js';
export type * from './carried-over.js';
export type * from './content.js';
export type * from './inventory.js';

export const content: Context = {
  commands: [
    anyCommand(addCategoryCommand),
    anyCommand(addAddInCommand),
    anyCommand(addRoomCommand),
    anyCommand(attachAddInCommand),
    anyCommand(excludeRoomCommand),
    anyCommand(includeRoomCommand),
    anyCommand(detachAddInCommand),
    anyCommand(removeRoomCommand),
    anyCommand(removeCategoryCommand),
    anyCommand(removeAddInCommand),
  ],
  events: contentEvents,
};
