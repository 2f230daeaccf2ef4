import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyReused } from '#event-log';
import { BadFile, FileTooLarge, WrongMediaType } from './errors.js';
import { RunStory, sender } from './testing.js';

const fileBytesMax = 4_000_000;
let story: RunStory;
beforeAll(async () => {
  story = await RunStory.begin((log) => log, fileBytesMax);
});
afterAll(() => story.end());

const kept = async (): Promise<readonly string[]> =>
  (await readdir(join(story.folder, 'files'))).filter((name) => !name.endsWith('.unfinished'));

/** A file as PowerShell writes it: everything quoted. */
function powerShell(
  rows: readonly (readonly string[])[],
  { delimiter = ',', newline = '\r\n', type = true } = {},
): string {
  const lines = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter));
  return [...(type ? ['#TYPE Microsoft.Rtc.Management.ADConnect.Schema.OCSADUser'] : []), ...lines, ''].join(newline);
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const rows = [
  ['Title', 'SipAddress', 'DisplayName', 'RegistrarPool'],
  ['Head; of, "Sales"', 'sip:olga@contoso.com', 'Ольга Смирнова 🙂', 'pool13.contoso.com'],
  ['Two\r\nlines', 'sip:bob@contoso.com', 'Bob', 'lync10.contoso.com'],
  ['', 'sip:eve@contoso.com', 'Eve', 'nowhere.contoso.com'],
];

describe('a file is taken as PowerShell writes it:', () => {
  test.each<[string, Uint8Array | string, number]>([
    ['5.1, -Encoding Unicode', Buffer.from(`\ufeff${powerShell(rows)}`, 'utf16le'), 6],
    ['5.1, -Encoding BigEndianUnicode', utf16be(`\ufeff${powerShell(rows)}`), 6],
    ['5.1, -Encoding UTF8', `\ufeff${powerShell(rows)}`, 6],
    ['5.1, -UseCulture, with semicolons', `\ufeff${powerShell(rows, { delimiter: ';' })}`, 6],
    ['7', powerShell(rows, { type: false, newline: '\n' }), 5],
    ['7, with tabs', powerShell(rows, { type: false, newline: '\n', delimiter: '\t' }), 5],
    ['without a line end at the end', powerShell(rows, { type: false }).trimEnd(), 5],
    ['Excel on a Mac, with carriage returns alone', powerShell(rows, { type: false, newline: '\r' }), 5],
  ])('%s', async (_, file, refusedLine) => {
    for (const pieceBytes of [7, 64 * 1024]) {
      const { rows, advanced, counts } = await story.import(file, pieceBytes);
      expect(rows.map(({ line, column, value }) => [line, column, value])).toEqual([
        [refusedLine, 'RegistrarPool', 'nowhere.contoso.com'],
      ]);
      expect(counts.done + counts.unchanged).toBe(2);
      expect(advanced.at(-1)?.segments.at(-1)?.[2]).toBe(refusedLine - 2);
    }
    const known = (await story.events()).find(
      ({ type, data }) => type === 'UserEnrolled' && data['user'] === 'sip:olga@contoso.com',
    );
    expect(known?.data['displayName']).toBe('Ольга Смирнова 🙂');
  });
});

describe('a file that is no CSV of users is refused, and nothing is left of it:', () => {
  const header = 'SipAddress,DisplayName\n';
  const user = 'a@contoso.com,A\n';
  const unclosed = header + user.repeat(89_998) + 'a@contoso.com,"A\n' + user.repeat(60_000);
  test.each<[string, string | Uint8Array, string, number | undefined]>([
    ['empty', '', 'is empty', undefined],
    ['white space', ' \r\n\r\n', 'is empty', undefined],
    ['only a byte order mark', '\ufeff', 'is empty', undefined],
    ['only a type line', '#TYPE X\r\n', 'has no header', undefined],
    ['only a separator', 'sep=;\r\n', 'has no header', undefined],
    ['a separator that is none', `sep=|\n${header}`, 'says "sep=|" in line 1; a comma, a semicolon or a tab', 1],
    ['a PNG', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ', 'base64'), 'a PNG image', undefined],
    ['a workbook', Buffer.from('PK\u0003\u0004rest of it'), 'save the sheet as CSV', undefined],
    ['HTML', '<!DOCTYPE html><html></html>', 'HTML or XML', undefined],
    ['JSON', '[{"SipAddress":"a@contoso.com"}]', 'JSON', undefined],
    ['a NUL', `${header}${user}a\0b`, 'a NUL character in line 3', 3],
    ['UTF-16 without a byte order mark', Buffer.from(header + user, 'utf16le'), 'UTF-16 without a byte order mark', 1],
    [
      'Windows-1251',
      Buffer.concat([Buffer.from(header + user + user), Buffer.from([0xce, 0xeb, 0xfc])]),
      'is not UTF-8 in line 4',
      4,
    ],
    [
      'Windows-1251 with carriage returns',
      Buffer.concat([Buffer.from(`${header}${user}`.replaceAll('\n', '\r')), Buffer.from([0xce, 0xeb])]),
      'is not UTF-8 in line 3',
      3,
    ],
    ['a NUL among carriage returns', `SipAddress\r${'a@contoso.com\r'.repeat(3)}\0`, 'a NUL character in line 5', 5],
    ['cut in a character', Buffer.concat([Buffer.from(header), Buffer.from([0xd0])]), 'is not UTF-8 in line 2', 2],
    [
      'without the column SipAddress',
      'Name,Mail\nA,a@contoso.com\n',
      'the columns that line 1 names are Name, Mail',
      1,
    ],
    ['a column named twice', 'SipAddress,Guid,GUID\n', 'is named twice in line 1', 1],
    ['a quote that opens at line 90,000', unclosed, 'a quote in line 90000 that is not closed', 90_000],
    ['a quote that opens in the last line', `${header}"a@contoso.com,A\n`, 'a quote in line 2 that is not closed', 2],
    ['a quote in the header', '"SipAddress,DisplayName\na,b\n', 'a quote in line 1 that is not closed', 1],
    ['text after a quote', `${header}"a@contoso.com"x,A\n`, 'text after a closing quote in line 2', 2],
    ['one endless line', `${header}${'x'.repeat(3_000_000)}`, 'characters in line 2', 2],
    ['a header of 1,001 columns', `SipAddress${',x'.repeat(1000)}\n`, 'at most 1000', 1],
  ])('%s', async (_, file, message, line) => {
    const before = (await story.events()).length;
    const files = await kept();
    const sent = story.upload(file, 'text/csv', 65_536);
    await expect(sent).rejects.toThrow(BadFile);
    await expect(sent).rejects.toMatchObject({
      errors: [{ ...(line !== undefined && { line }), message: expect.stringContaining(message) as string }],
    });
    expect((await story.events()).length).toBe(before);
    expect(await kept()).toEqual(files);
  });
});

test('a file with a header and no rows is a run of nothing', async () => {
  expect((await story.import('SipAddress\n')).counts).toEqual({ done: 0, unchanged: 0, refused: 0, invalid: 0 });
});

test('a row that is nothing but a quoted nothing is a row', async () => {
  expect((await story.import('"SipAddress"\r\n""\r\n')).counts.invalid).toBe(1);
});

test.each(['text/csv; charset=utf-8', 'text/plain', 'application/octet-stream', 'TEXT/CSV'])(
  '%s is taken',
  async (type) => {
    await expect(story.upload('SipAddress\n', type)).resolves.toEqual(expect.any(String));
  },
);

test.each(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
  '%s is not',
  async (type) => {
    await expect(story.upload('SipAddress\n', type)).rejects.toThrow(WrongMediaType);
  },
);

test('a file over the limit is refused, promised or not, and nothing is left of it', async () => {
  const files = await kept();
  await expect(story.upload('x'.repeat(fileBytesMax + 1))).rejects.toThrow(FileTooLarge);
  expect(await kept()).toEqual(files);
});

test('an upload that breaks off leaves nothing', async () => {
  const files = await kept();
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from('SipAddress\n');
    await Promise.resolve();
    throw new Error('aborted');
  }
  await expect(story.service.start('users', { body: body(), contentType: 'text/csv' }, sender)).rejects.toThrow(
    'aborted',
  );
  expect(await kept()).toEqual(files);
});

describe('a key', () => {
  const file = 'SipAddress\nkey@contoso.com\n';
  const start = (key: string, text = file): Promise<{ readonly run: string }> => {
    async function* body(): AsyncGenerator<Buffer> {
      await Promise.resolve();
      yield Buffer.from(text);
    }
    return story.service.start('users', { body: body(), contentType: 'text/csv' }, sender, key);
  };

  test('with the same file is the same run, also twice at once and after a restart, and one file is kept', async () => {
    const [one, other] = await Promise.all([start('k1'), start('k1')]);
    expect(other).toEqual(one);
    await story.finished(one.run);
    const files = await kept();
    await story.again();
    expect(await start('k1')).toEqual(one);
    expect(await kept()).toEqual(files);
    expect(files).toContain(`${one.run}.csv`);
  });

  test('with another file is refused, and nothing is left of it; another key is another run', async () => {
    const { run } = await start('k2');
    await story.finished(run);
    const files = await kept();
    await expect(start('k2', `${file}more@contoso.com\n`)).rejects.toThrow(KeyReused);
    expect(await kept()).toEqual(files);
    expect((await start('k3')).run).not.toBe(run);
  });
});
