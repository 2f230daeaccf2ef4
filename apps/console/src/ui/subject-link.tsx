import { Fragment } from 'react';
import { useWords } from '../i18n/i18n.js';
import { addressOf } from './subject.js';
import { PageLink } from './page-link.js';

/** `<kind>:<id>`, leading to its page where it has one. */
export function SubjectLink({ subject, short = false }: { readonly subject: string; readonly short?: boolean }) {
  const t = useWords();
  const address = addressOf(subject);
  if (subject === 'estate') return <span className="subject">{t('subject.estate')}</span>;
  const text = short ? subject.replace(/^[a-z-]+:(sip:)?/, '') : subject;
  return address ? (
    <PageLink to={address.to} {...(address.search && { search: address.search })}>
      {text}
    </PageLink>
  ) : (
    <span className="subject">{text}</span>
  );
}

/** Several, side by side. */
export function SubjectLinks({ subjects }: { readonly subjects: readonly string[] }) {
  if (subjects.length === 0) return '—';
  return subjects.map((subject, index) => (
    <Fragment key={subject}>
      {index > 0 && ', '}
      <SubjectLink subject={subject} short />
    </Fragment>
  ));
}
