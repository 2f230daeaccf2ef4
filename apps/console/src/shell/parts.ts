import { part } from './part.js';

export const consolePart = part(async () => (await import('./console.js')).Console);
export const signInPart = part(async () => (await import('./sign-in.js')).SignIn);
// Menus need much that the rest of a page does not.
export const settingsMenuPart = part(async () => (await import('./settings-menu.js')).SettingsMenu);
export const accountMenuPart = part(async () => (await import('./account-menu.js')).AccountMenu);
export const momentPickerPart = part(async () => (await import('../moment/moment-picker.js')).MomentPicker);
export const palettePart = part(async () => (await import('../palette/palette.js')).Palette);
export const shortcutSheetPart = part(async () => (await import('./shortcut-sheet.js')).ShortcutSheet);
