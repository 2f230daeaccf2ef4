import { PlanStory, sender } from './testing.js';

let story: PlanStory;
beforeAll(async () => {
  story = await PlanStory.begin();
});
afterAll(() => story.end());

const values = [
  '',
  'x',
  "O'Brien",
  'say ""hi""',
  'two\nlines',
  'a,b;c\td',
  'Юля',
  ' spaced ',
  'pool13.contoso.com',
  'pool99.contoso.com',
];
const headers = [
  ['SipAddress', 'DisplayName'],
  ['SipAddress', 'DisplayName', 'RegistrarPool', 'Note'],
  ['DisplayName', 'Error', 'SipAddress', 'RegistrarPool'],
  ['SipAddress', 'RegistrarPool', 'Error'],
];

/** From 0 up to `below`, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
}

/** Rows of which some are short, long or wrong. */
function anyFile(seed: number): Buffer {
  const next = random(seed + 1);
  const header = headers[next(headers.length)]!;
  const [delimiter, newline] = [[',', ';', '\t'][next(3)]!, ['\n', '\r\n', '\r'][next(3)]!];
  const rows = Array.from({ length: 12 }, () => {
    const fields = Array.from(
      { length: next(3) > 0 ? header.length : 1 + next(6) },
      () => values[next(values.length)]!,
    );
    const at = header.indexOf('SipAddress');
    if (at < fields.length && next(2) > 0) fields[at] = `user${next(20)}@contoso.com`;
    return fields;
  });
  const text = [header, ...rows, []].map((fields) => fields.map((field) => `"${field}"`).join(delimiter)).join(newline);
  return next(2) > 0 ? Buffer.from(text) : Buffer.from(`\ufeff${text}`, 'utf16le');
}

test.each(Array.from({ length: 25 }, (_, seed) => seed))(
  'what failed in a plan and its run is what fails without a plan, and fails in the same way when it is sent back (%i)',
  async (seed) => {
    const file = anyFile(seed);
    const planned = await story.apply(await story.forFile('users', file));
    await story.finished(planned);
    const failed = await story.failedFile(planned);
    for (const sent of [file, failed]) {
      const body = [sent] as never;
      const { run } = await story.runs.start('users', { body, contentType: 'text/csv' }, sender);
      await story.finished(run);
      expect(await story.failedFile(run)).toEqual(failed);
    }
  },
);
