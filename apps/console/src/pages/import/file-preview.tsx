import { useWords } from '../../i18n/i18n.js';
import { Facts } from '../../ui/facts.js';
import type { Recognised } from './recognise.js';
import { Message } from '../../ui/message.js';

interface FilePreviewProps {
  readonly file: File;
  readonly recognised: Recognised;
  readonly isLines: boolean;
}

const delimiters = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

/** What was recognised, and the first rows as they were read. */
export function FilePreview({ file, recognised, isLines }: FilePreviewProps) {
  const t = useWords();
  const { encoding, hasMark, delimiter, hasTypeLine, columns, rows, isBinary } = recognised;
  return (
    <section className="card" aria-label={t('import.preview')}>
      <header>
        <h2>{file.name}</h2>
      </header>
      {isBinary && <Message intent="error">{t('import.binary')}</Message>}
      <Facts
        label={t('import.preview')}
        facts={[
          { name: t('import.size'), value: t('import.kilobytes', { count: Math.ceil(file.size / 1024) }) },
          {
            name: t('import.encoding'),
            value: `${encoding.toUpperCase()}${hasMark ? ` ${t('import.withMark')}` : ''}`,
          },
          ...(isLines
            ? [{ name: t('import.shape'), value: t('import.lines') }]
            : [
                { name: t('import.delimiter'), value: t(`import.${delimiters[delimiter]}`) },
                { name: t('import.columns'), value: t.count(columns.length) },
                ...(hasTypeLine ? [{ name: t('import.shape'), value: t('import.typeLine') }] : []),
              ]),
        ]}
      />
      {!isLines && !isBinary && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={t('import.firstRows')}>
          <table className="plain-table preview">
            <caption className="sr-only">{t('import.firstRows')}</caption>
            <thead>
              <tr>
                {columns.map((column, index) => (
                  // Columns of a file that is still unchecked may have the same name.
                  // oxlint-disable-next-line react/no-array-index-key
                  <th key={index} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={index}>
                  {row.map((cell, column) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
