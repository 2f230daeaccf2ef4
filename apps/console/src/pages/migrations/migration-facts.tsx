import type { Migration } from '../../api/types.js';
import type { Words } from '../../i18n/i18n.js';
import type { Fact } from '../../ui/facts.js';
import { SubjectLink } from '../../ui/subject-link.js';

/** From where to where content moves, and what of it has arrived. */
export function migrationFacts(t: Words, { source, target, carriedOver }: Migration): readonly Fact[] {
  const { categories, rooms, addIns } = carriedOver;
  return [
    { name: t('field.source'), value: <SubjectLink subject={`deployment:${source}`} short /> },
    { name: t('field.target'), value: <SubjectLink subject={`deployment:${target}`} short /> },
    { name: t('migrations.carriedOver'), value: t('migrations.carriedCounts', { categories, rooms, addIns }) },
  ];
}
