import { useWords } from '../i18n/i18n.js';

interface RuleProps {
  readonly rule: string;
  /** What the server says of this case, in its own words. */
  readonly detail?: string;
}

/** A rule that says no: in words of the page's language, by its id, and in the words of the server, which are English. */
export function Rule({ rule, detail }: RuleProps) {
  const t = useWords();
  const words = t.named('rule', rule);
  // In English the server's own words say it better.
  const isSaid = words !== rule && (detail === undefined || t.language !== 'en');
  return (
    <>
      {isSaid && `${words} `}
      <code>{rule}</code>
      {detail !== undefined && (
        <>
          {' '}
          <span lang="en">{detail}</span>
        </>
      )}
    </>
  );
}
