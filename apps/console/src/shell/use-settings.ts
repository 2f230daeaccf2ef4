import { useSyncExternalStore } from 'react';
import { currentSettings, onSettings, type Settings } from './settings.js';

export function useSettings(): Settings {
  return useSyncExternalStore(onSettings, currentSettings);
}
