import type { Generation } from '../api/types.js';
import { useWords } from '../i18n/i18n.js';

export function GenerationName({ generation }: { readonly generation: Generation | null }) {
  const t = useWords();
  return generation === null ? (
    <>—</>
  ) : (
    <span className={`generation ${generation}`}>{t.named('generation', generation)}</span>
  );
}

/** The class whose sign, drawn by the style sheet, says yes or no. */
export function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** Yes or no, with its sign. */
export function YesNo({ value, yes, no }: { readonly value: boolean; readonly yes?: string; readonly no?: string }) {
  const t = useWords();
  return <span className={yesOrNo(value)}>{value ? (yes ?? t('yes')) : (no ?? t('no'))}</span>;
}
