import type { Person } from '../api/types.js';
import type { Words } from '../i18n/i18n.js';
import { valueText } from './value-text.js';

/** `gate dns-records-updated`, `gate dns-records-updated evidence`. */
const ofGate = /^gate (\S+)(?: (\w+))?$/;
/** `client lync-2013`, `finding prepare.root-managers`, `finding prepare.root-managers resolution`. */
const ofNamed = /^(client|finding) (\S+)(?: (\w+))?$/;
/** As events hold it. */
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
/** Fields whose values have words, by the family of those words. */
const families: Readonly<Record<string, string>> = {
  status: 'status',
  generation: 'generation',
  client: 'client',
  state: 'migrationState',
  closed: 'migrationState',
  method: 'method',
  type: 'room',
  privacy: 'room',
};

/** A field that changed, in words. */
export function fieldText(t: Words, field: string): string {
  const [, family, name = '', aspect] = ofNamed.exec(field) ?? [];
  if (family !== undefined) {
    const named =
      family === 'client' ? `${t('field.client')} ${t.named('client', name)}` : t.named('findingName', name);
    return aspect === undefined ? named : `${named}: ${t.named('field', aspect)}`;
  }
  const [, gate, about] = ofGate.exec(field) ?? [];
  if (gate === undefined) return t.named('field', field);
  return about === undefined ? t.named('gate', gate) : `${t.named('gate', gate)}: ${t.named('field', about)}`;
}

/** What it was, or is, in words. */
export function changedText(t: Words, field: string, value: unknown): string {
  const [, gate, about] = ofGate.exec(field) ?? [];
  const [, named, , aspect] = ofNamed.exec(field) ?? [];
  const family = gate !== undefined && about === undefined ? 'gateStatus' : families[field];
  if (family !== undefined && typeof value === 'string') return t.named(family, value);
  if (gate !== undefined && isRecord(value)) return recordText(t, value);
  if (field === 'carriedOverFrom' && isOrigin(value)) return `${value.name} (${value.deployment})`;
  if (named === 'finding' && aspect === undefined && typeof value === 'string') return t.named('findingStatus', value);
  if (Array.isArray(value) && field === 'roles') return value.map((role) => t.named('role', String(role))).join(', ');
  if (isReport(value)) return reportText(t, value);
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'string' && instant.test(value)) return t.time(value);
  return valueText(value);
}

interface Said {
  readonly by: Person | null;
  readonly at: string | null;
  readonly evidence?: string | null;
  readonly reason?: string | null;
}

/** Where content was carried over from. */
interface Origin {
  readonly deployment: string;
  readonly name: string;
}

function isOrigin(value: unknown): value is Origin {
  return typeof value === 'object' && value !== null && 'deployment' in value && 'name' in value;
}

/** What was recorded of a gate, as `/api/diff` has it. */
interface GateRecord {
  readonly attested: Said | null;
  readonly waived: Said | null;
  readonly last: 'attested' | 'waived';
}

function isRecord(value: unknown): value is GateRecord {
  return typeof value === 'object' && value !== null && 'attested' in value && 'waived' in value && 'last' in value;
}

/** Whether it was attested or waived last, with what was said, by whom and when. */
function recordText(t: Words, { attested, waived, last }: GateRecord): string {
  const said = last === 'waived' ? waived : attested;
  const status = t.named('gateStatus', last === 'waived' ? 'waived' : 'met');
  return [status, said?.evidence ?? said?.reason, said?.by?.name, said?.at && t.time(said.at)]
    .filter(Boolean)
    .join(' · ');
}

/** What was recorded of a step: plain values by their fields. */
type Report = Readonly<Record<string, string | number | boolean>>;

function isReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each))
  );
}

function reportText(t: Words, report: Report): string {
  return Object.entries(report)
    .map(
      ([name, value]) =>
        `${t.named('field', name)}: ${typeof value === 'number' ? t.count(value) : changedText(t, name, value)}`,
    )
    .join(', ');
}
