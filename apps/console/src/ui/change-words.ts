import type { Words } from '../i18n/i18n.js';
import { valueText } from './value-text.js';

/** `gate dns-records-updated`, `gate dns-records-updated evidence`. */
const ofGate = /^gate (\S+)(?: (\w+))?$/;
/** Fields whose values have words, by the family of those words. */
const families: Readonly<Record<string, string>> = {
  status: 'status',
  generation: 'generation',
  client: 'client',
  state: 'migrationState',
};

/** A field that changed, in words. */
export function fieldText(t: Words, field: string): string {
  const [, gate, about] = ofGate.exec(field) ?? [];
  if (gate === undefined) return t.named('field', field);
  return about === undefined ? t.named('gate', gate) : `${t.named('gate', gate)}: ${t.named('field', about)}`;
}

/** What it was, or is, in words. */
export function changedText(t: Words, field: string, value: unknown): string {
  const [, gate, about] = ofGate.exec(field) ?? [];
  const family = gate !== undefined && about === undefined ? 'gateStatus' : families[field];
  if (family !== undefined && typeof value === 'string') return t.named(family, value);
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  return valueText(value);
}
