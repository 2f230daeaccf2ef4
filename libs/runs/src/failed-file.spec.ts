import { RunStory } from './testing.js';

let story: RunStory;
beforeAll(async () => {
  story = await RunStory.begin();
});
afterAll(() => story.end());

const type = '#TYPE Microsoft.Rtc.Management.ADConnect.Schema.OCSADUser\r\n';
const body = [
  '"SipAddress";"DisplayName";"RegistrarPool"',
  '"a@contoso.com";"Анна";"pool13.contoso.com"',
  '"b@contoso.com";"say ""hi""; twice\r\nover";"pool99.contoso.com"',
  '"no address";"Виктор";"pool13.contoso.com"',
  '"c@contoso.com";"short"',
  '',
].join('\r\n');

test('the rows that failed come back in the shape of the upload, with why', async () => {
  const { run } = await story.import(Buffer.from(`\ufeff${type}${body}`, 'utf16le'));
  const failed = (await story.failedFile(run)).toString('utf16le');
  expect(failed.split('\r\n')).toEqual([
    '\ufeff#TYPE Microsoft.Rtc.Management.ADConnect.Schema.OCSADUser',
    '"SipAddress";"DisplayName";"RegistrarPool";"Error"',
    expect.stringMatching(/^"b@contoso.com";"say ""hi""; twice$/),
    expect.stringMatching(/^over";"pool99.contoso.com";"the pool pool99.contoso.com is not registered/),
    expect.stringMatching(/^"no address";"Виктор";"pool13.contoso.com";"SipAddress must be a SIP address/),
    expect.stringMatching(/^"c@contoso.com";"short";"the row has 2 fields where the header has 3/),
    '',
  ]);
});

test.each([';', '\t'])(
  'a file that tells Excel its separator, %j, is read as it says and comes back so',
  async (separator) => {
    const fields = (...values: string[]): string => values.map((value) => `"${value}"`).join(separator);
    // More commas than separators.
    const first = [`SEP=${separator}`, fields('SipAddress', 'DisplayName,,,'), fields('no address', 'Hall, Mary'), ''];
    const { run, counts } = await story.import(first.join('\r\n'));
    expect(counts).toEqual({ done: 0, unchanged: 0, refused: 0, invalid: 1 });
    const failed = (await story.failedFile(run)).toString();
    expect(failed.split('\r\n').slice(0, 2)).toEqual([
      `SEP=${separator}`,
      fields('SipAddress', 'DisplayName,,,', 'Error'),
    ]);
    const again = await story.import(failed);
    expect((await story.failedFile(again.run)).toString()).toEqual(failed);
  },
);

test.each<[string, (text: string) => Buffer]>([
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with BOM', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16 BE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('sent back as it is, in %s, it fails in the same way and comes back the same', async (_, encode) => {
  const first = await story.failedFile((await story.import(encode(body))).run);
  const again = await story.import(first);
  expect(again.counts).toEqual({ done: 0, unchanged: 0, refused: 1, invalid: 2 });
  expect(await story.failedFile(again.run)).toEqual(first);
});

test('what was mended is done when it is sent back, whatever its Error column says', async () => {
  const { run } = await story.import(body);
  const mended = (await story.failedFile(run)).toString().replace('no address', 'viktor@contoso.com');
  expect((await story.import(mended)).counts).toEqual({ done: 1, unchanged: 0, refused: 1, invalid: 1 });
});

test('a row may be sent back without what its Error column said', async () => {
  const { run } = await story.import(body);
  const mended = (await story.failedFile(run)).toString().replace(/"no address"(.*);"[^"]*"/, '"vera@contoso.com"$1');
  expect((await story.import(mended)).counts).toEqual({ done: 1, unchanged: 0, refused: 1, invalid: 1 });
});

test('a row that lacks a field, or only its error, is not taken for another one when it is sent back as it is', async () => {
  const { run, counts } = await story.import('Error,SipAddress,DisplayName\nx@contoso.com,Xenia\n');
  expect(counts).toMatchObject({ invalid: 1 });
  const first = (await story.failedFile(run)).toString();
  expect(first).toMatch(/"x@contoso.com","Xenia","the row has 2 fields where the header has 3; /);
  const again = await story.import(first);
  expect(again.counts).toMatchObject({ done: 0, invalid: 1 });
  expect((await story.failedFile(again.run)).toString()).toBe(first);
  const seen = await story.import(first.replace(/"the row has[^"]*"/, '""'));
  expect(seen.counts).toMatchObject({ done: 1, invalid: 0 });
});

test('of a run where nothing failed it is the header', async () => {
  const { run } = await story.import('SipAddress\nz@contoso.com\n');
  expect((await story.failedFile(run)).toString()).toBe('"SipAddress","Error"\n');
});

test('there is none of an unknown run', async () => {
  expect(await story.service.failedFile('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  expect(await story.service.failedFile('../../etc/passwd')).toBeUndefined();
});
