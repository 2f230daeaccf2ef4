import { RecordedTimeline } from './recorded-timeline.fixture.js';

let timeline: RecordedTimeline;
beforeEach(() => void (timeline = new RecordedTimeline()));
afterEach(() => timeline.close());

test('the longest ids and names that there are can be asked for', () => {
  const policy = `tag:${'Ж'.repeat(3996)}`;
  const actor = { name: '🎉'.repeat(4000) };
  const ticket = '🎉'.repeat(100);
  timeline.command('CreatePolicy', [{ type: 'PolicyCreated', data: { policy, enabled: true } }], { actor, ticket });
  timeline.command('CreatePolicy', [{ type: 'PolicyCreated', data: { policy: 'tag:Ж', enabled: true } }]);
  const filters = { subject: `policy:${policy}`, actor: actor.name, ticket };
  for (const [name, value] of Object.entries(filters))
    expect(timeline.ask({ [name]: value })).toMatchObject({ total: 1, items: [{ subjects: [`policy:${policy}`] }] });
});

test.each([
  ['subject', `policy:tag:${'x'.repeat(3997)}`],
  ['actor', 'x'.repeat(4001)],
  ['ticket', '🎉'.repeat(101)],
])('a longer %s is malformed', (name, value) => {
  expect(() => timeline.ask({ [name]: value })).toThrow(/must be/);
});
