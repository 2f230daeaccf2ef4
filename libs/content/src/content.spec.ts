import { anyCommand, type DeploymentId, type DomainEvent, type GenerationId, type PoolId, write } from '#kernel';
import { deploymentStream } from '#topology';
import { given, type Story } from '../../kernel/src/testing.js';
import { addAddInCommand } from './add-add-in.js';
import { addCategoryCommand } from './add-category.js';
import { addRoomCommand } from './add-room.js';
import { attachAddInCommand } from './attach-add-in.js';
import { contentStream, holdsContent } from './content.js';
import { detachAddInCommand } from './detach-add-in.js';
import { excludeRoomCommand } from './exclude-room.js';
import { includeRoomCommand } from './include-room.js';
import { content } from './index.js';
import { removeAddInCommand } from './remove-add-in.js';
import { removeCategoryCommand } from './remove-category.js';
import { removeRoomCommand } from './remove-room.js';

const legacy = 'chat10.contoso.com' as DeploymentId;
const modern = 'chat13.contoso.com' as DeploymentId;

function registered(deployment: DeploymentId, generation: GenerationId) {
  const homedOn = 'pool.contoso.com' as PoolId;
  return write(deploymentStream(deployment), {
    type: 'DeploymentRegistered',
    data: { deployment, generation, homedOn },
  });
}

const sealed = write(deploymentStream(legacy), { type: 'DeploymentSealed', data: { deployment: legacy } });
const decommissioned = write(deploymentStream(legacy), {
  type: 'DeploymentDecommissioned',
  data: { deployment: legacy, gates: [] },
});

/** Both deployments; in the legacy one Trading with FX desk, Nested in Trading, the add-ins Ticker and News. */
async function filled(): Promise<Story> {
  const story = given(registered(legacy, 'lync-2010'), registered(modern, 'lync-2013')).where({
    counting: { contentElsewhere: () => Promise.resolve(null) },
  });
  await story.after(
    [anyCommand(addCategoryCommand), { deployment: legacy, category: 'Trading' }],
    [anyCommand(addCategoryCommand), { deployment: legacy, category: 'Nested', parent: 'trading' }],
    [anyCommand(addAddInCommand), { deployment: legacy, addIn: 'Ticker', url: 'https://apps.contoso.com/ticker' }],
    [anyCommand(addAddInCommand), { deployment: legacy, addIn: 'News', url: 'https://apps.contoso.com/news' }],
    [anyCommand(addRoomCommand), { deployment: legacy, category: 'Trading', room: 'FX desk' }],
  );
  return story;
}

const inOther = { counting: { contentElsewhere: () => Promise.resolve(modern as string) } };
const dataOf = (events: readonly DomainEvent[]) => events.map(({ type, data }) => ({ type, data }));

describe('every command', () => {
  const fields = {
    AddCategory: { category: 'Trading' },
    AddAddIn: { addIn: 'Ticker', url: 'https://apps.contoso.com/ticker' },
    AddRoom: { category: 'Trading', room: 'FX desk' },
    AttachAddIn: { room: 'FX desk', addIn: 'Ticker' },
    ExcludeRoom: { room: 'FX desk', reason: 'silent' },
    IncludeRoom: { room: 'FX desk' },
    DetachAddIn: { room: 'FX desk' },
    RemoveRoom: { room: 'FX desk' },
    RemoveCategory: { category: 'Nested' },
    RemoveAddIn: { addIn: 'Ticker' },
  };

  test.each(Object.entries(fields))('%s on an unknown deployment is told alone', async (name, rest) => {
    const command = content.commands.find((definition) => definition.name === name);
    const { rules } = await given().when(command!, { deployment: legacy, ...rest });
    expect(rules).toEqual(['topology.unknown-deployment']);
  });

  test.each(Object.entries(fields))('%s on a decommissioned deployment wins over unchanged', async (name, rest) => {
    const command = content.commands.find((definition) => definition.name === name);
    const story = await filled();
    story.record(decommissioned);
    const { rules } = await story.when(command!, { deployment: legacy, ...rest });
    expect(rules).toEqual(['topology.deployment-decommissioned']);
  });

  test.each([
    ['AddCategory', { category: 'Trading', invitations: false, parent: 'None' }, ['exists', 'unknown-category']],
    [
      'AddRoom',
      { category: 'None', room: 'Trading', addIn: 'None' },
      ['name-clash', 'unknown-category', 'unknown-add-in'],
    ],
    ['AddAddIn', { addIn: 'Ticker', url: 'https://apps.contoso.com/other' }, ['exists']],
    ['AttachAddIn', { room: 'None', addIn: 'None' }, ['unknown-room', 'unknown-add-in']],
    ['DetachAddIn', { room: 'None' }, ['unknown-room']],
    ['ExcludeRoom', { room: 'None', reason: 'silent' }, ['unknown-room']],
    ['RemoveCategory', { category: 'Trading' }, ['category-not-empty']],
    ['RemoveAddIn', { addIn: 'None' }, ['unknown-add-in']],
  ])('%s on a decommissioned deployment tells all that does not follow from that', async (name, rest, others) => {
    const command = content.commands.find((definition) => definition.name === name);
    const story = await filled();
    story.record(sealed);
    story.record(decommissioned);
    const { rules } = await story.when(command!, { deployment: legacy, ...rest });
    expect(rules).toEqual(['topology.deployment-decommissioned', ...others.map((rule) => `content.${rule}`)]);
  });

  test('a reference into another deployment is told on a decommissioned one too', async () => {
    const story = (await filled()).where(inOther);
    story.record(decommissioned);
    const wanted = { deployment: legacy, category: 'None', room: 'Rates' };
    expect((await story.when(addRoomCommand, wanted)).refusals).toMatchObject([
      { rule: 'topology.deployment-decommissioned' },
      { rule: 'isolation.cross-deployment', deployment: modern },
    ]);
  });

  test('the examples make one story', async () => {
    const deployment = content.commands[0]?.example['deployment'] as DeploymentId;
    const story = given(registered(deployment, 'lync-2013'));
    const told: string[] = [];
    for (const command of content.commands) {
      const { outcome, rules } = await story.when(command, command.example);
      told.push(`${command.name} ${outcome} ${rules.join(' ')}`.trim());
    }
    expect(told.filter((line) => !line.endsWith(' done'))).toEqual([]);
    expect(holdsContent(story.state(contentStream(deployment)))).toBe(false);
  });

  test('rests on its deployment', async () => {
    const { rested } = await (await filled()).ask(removeRoomCommand, { deployment: legacy, room: 'FX desk' });
    expect(rested).toEqual(['content-chat10.contoso.com', 'deployment-chat10.contoso.com']);
  });
});

describe('AddCategory', () => {
  test('records what is not said as allowed', async () => {
    const { events } = await (await filled()).when(addCategoryCommand, { deployment: legacy, category: 'Sales' });
    const allowed = { invitations: true, fileUpload: true, chatHistory: true };
    expect(dataOf(events)).toEqual([
      { type: 'CategoryAdded', data: { deployment: legacy, category: 'Sales', parent: null, ...allowed } },
    ]);
  });

  test('of a child names the parent as first written', async () => {
    const wanted = { deployment: legacy, category: 'Bonds', parent: 'TRADING', invitations: false };
    const { events } = await (await filled()).when(addCategoryCommand, wanted);
    expect(events[0]?.data).toMatchObject({ parent: 'Trading', invitations: false });
  });

  test('a second time is unchanged, in any case, also on a sealed deployment', async () => {
    const story = await filled();
    expect(await story.when(addCategoryCommand, { deployment: legacy, category: 'TRADING' })).toMatchObject({
      outcome: 'unchanged',
    });
    story.record(sealed);
    const again = await story.when(addCategoryCommand, { deployment: legacy, category: 'nested', parent: 'Trading' });
    expect(again.outcome).toBe('unchanged');
  });

  test.each([{ invitations: false }, { fileUpload: false }, { chatHistory: false }, { parent: 'Nested' }])(
    'with other properties %j: content.exists',
    async (other) => {
      const wanted = { deployment: legacy, category: 'Trading', ...other };
      expect((await (await filled()).when(addCategoryCommand, wanted)).rules).toEqual(['content.exists']);
    },
  );

  test("with a room's name: content.name-clash", async () => {
    const { rules } = await (await filled()).when(addCategoryCommand, { deployment: legacy, category: 'fx DESK' });
    expect(rules).toEqual(['content.name-clash']);
  });

  test('with a parent on 2013: content.nested-category', async () => {
    const story = await filled();
    await story.after([anyCommand(addCategoryCommand), { deployment: modern, category: 'Top' }]);
    const { rules } = await story.when(addCategoryCommand, { deployment: modern, category: 'Low', parent: 'Top' });
    expect(rules).toEqual(['content.nested-category']);
  });

  test('with an unknown parent: content.unknown-category, and all else that applies', async () => {
    const story = await filled();
    story.record(sealed);
    const wanted = { deployment: legacy, category: 'FX desk', parent: 'Nowhere' };
    expect((await story.when(addCategoryCommand, wanted)).rules).toEqual([
      'topology.deployment-sealed',
      'content.name-clash',
      'content.unknown-category',
    ]);
  });

  test('with a parent of another deployment: isolation.cross-deployment', async () => {
    const story = (await filled()).where(inOther);
    const { refusals } = await story.when(addCategoryCommand, { deployment: legacy, category: 'Low', parent: 'Top' });
    expect(refusals).toMatchObject([{ rule: 'isolation.cross-deployment', deployment: modern }]);
  });
});

describe('AddRoom', () => {
  test('records a normal closed room in the category as first written', async () => {
    const wanted = { deployment: legacy, category: 'TRADING', room: 'Rates', addIn: 'ticker' };
    const { events, streams } = await (await filled()).when(addRoomCommand, wanted);
    const properties = { category: 'Trading', type: 'normal', privacy: 'closed', addIn: 'Ticker' };
    expect(dataOf(events)).toEqual([{ type: 'RoomAdded', data: { deployment: legacy, room: 'Rates', ...properties } }]);
    expect(streams).toEqual(['content-chat10.contoso.com']);
  });

  test('a second time is unchanged, in any case, also on a sealed deployment', async () => {
    const story = await filled();
    story.record(sealed);
    const wanted = { deployment: legacy, category: 'trading', room: 'FX DESK', type: 'normal', privacy: 'closed' };
    expect((await story.when(addRoomCommand, wanted)).outcome).toBe('unchanged');
  });

  test.each([{ type: 'auditorium' }, { privacy: 'secret' }, { addIn: 'Ticker' }, { category: 'Nested' }])(
    'with other properties %j: content.exists',
    async (other) => {
      const wanted = { deployment: legacy, category: 'Trading', room: 'FX desk', ...other };
      expect((await (await filled()).when(addRoomCommand, wanted)).rules).toEqual(['content.exists']);
    },
  );

  test('all rules that apply are told together', async () => {
    const story = await filled();
    story.record(sealed);
    const wanted = { deployment: legacy, category: 'Nowhere', room: 'Nested', addIn: 'Nothing' };
    expect((await story.when(addRoomCommand, wanted)).rules).toEqual([
      'topology.deployment-sealed',
      'content.name-clash',
      'content.unknown-category',
      'content.unknown-add-in',
    ]);
  });

  test('an existing room in an unknown category: both are told', async () => {
    const wanted = { deployment: legacy, category: 'Nowhere', room: 'FX desk' };
    expect((await (await filled()).when(addRoomCommand, wanted)).rules).toEqual([
      'content.exists',
      'content.unknown-category',
    ]);
  });

  test("with another deployment's category and add-in: isolation.cross-deployment for each", async () => {
    const asked: unknown[] = [];
    const story = (await filled()).where({
      counting: {
        contentElsewhere: (...what) => {
          asked.push(what);
          return Promise.resolve(modern);
        },
      },
    });
    const wanted = { deployment: legacy, category: 'Top', room: 'Rates', addIn: 'Map' };
    expect((await story.when(addRoomCommand, wanted)).refusals).toMatchObject([
      { rule: 'isolation.cross-deployment', deployment: modern },
      { rule: 'isolation.cross-deployment', deployment: modern },
    ]);
    expect(asked).toEqual([
      ['category', 'Top', legacy],
      ['add-in', 'Map', legacy],
    ]);
  });

  test('nobody looks elsewhere for what is here', async () => {
    const story = (await filled()).where({ counting: {} });
    const wanted = { deployment: legacy, category: 'Trading', room: 'Rates', addIn: 'Ticker' };
    expect((await story.when(addRoomCommand, wanted)).outcome).toBe('done');
  });
});

describe('AddAddIn', () => {
  const url = 'https://apps.contoso.com/map';

  test('done, unchanged, content.exists', async () => {
    const story = await filled();
    const { events } = await story.when(addAddInCommand, { deployment: legacy, addIn: 'Map', url });
    expect(dataOf(events)).toEqual([{ type: 'AddInAdded', data: { deployment: legacy, addIn: 'Map', url } }]);
    story.record(sealed);
    expect((await story.when(addAddInCommand, { deployment: legacy, addIn: 'map', url })).outcome).toBe('unchanged');
    expect((await story.when(addAddInCommand, { deployment: legacy, addIn: 'Ticker', url })).rules).toEqual([
      'topology.deployment-sealed',
      'content.exists',
    ]);
  });
});

describe('AttachAddIn and DetachAddIn', () => {
  test('another add-in takes the place of the first; the same is unchanged', async () => {
    const story = await filled();
    const attach = (addIn: string) => story.when(attachAddInCommand, { deployment: legacy, room: 'fx desk', addIn });
    expect(dataOf((await attach('ticker')).events)).toEqual([
      { type: 'AddInAttached', data: { deployment: legacy, room: 'FX desk', addIn: 'Ticker' } },
    ]);
    expect((await attach('Ticker')).outcome).toBe('unchanged');
    expect((await attach('News')).outcome).toBe('done');
    const { addIns, rooms } = story.state(contentStream(legacy));
    expect([addIns.get('ticker')?.rooms, addIns.get('news')?.rooms, rooms.get('fx desk')?.addIn]).toEqual([
      0,
      1,
      'news',
    ]);
  });

  test('detaching twice is unchanged', async () => {
    const story = await filled();
    await story.after([anyCommand(attachAddInCommand), { deployment: legacy, room: 'FX desk', addIn: 'Ticker' }]);
    const detach = () => story.when(detachAddInCommand, { deployment: legacy, room: 'FX Desk' });
    expect(dataOf((await detach()).events)).toEqual([
      { type: 'AddInDetached', data: { deployment: legacy, room: 'FX desk' } },
    ]);
    expect((await detach()).outcome).toBe('unchanged');
    expect(story.state(contentStream(legacy)).addIns.get('ticker')?.rooms).toBe(0);
  });

  test('on a sealed deployment it is no new content', async () => {
    const story = await filled();
    story.record(sealed);
    const wanted = { deployment: legacy, room: 'FX desk', addIn: 'Ticker' };
    expect((await story.when(attachAddInCommand, wanted)).outcome).toBe('done');
  });

  test('content.unknown-room and content.unknown-add-in together, or isolation.cross-deployment', async () => {
    const story = await filled();
    const wanted = { deployment: legacy, room: 'Nowhere', addIn: 'Nothing' };
    expect((await story.when(attachAddInCommand, wanted)).rules).toEqual([
      'content.unknown-room',
      'content.unknown-add-in',
    ]);
    story.where(inOther);
    const isolated = ['isolation.cross-deployment'];
    expect((await story.when(attachAddInCommand, { ...wanted, addIn: 'News' })).rules).toEqual(isolated);
    expect((await story.when(attachAddInCommand, { ...wanted, room: 'FX desk' })).rules).toEqual(isolated);
    expect((await story.when(detachAddInCommand, { deployment: legacy, room: 'Nowhere' })).rules).toEqual(isolated);
  });

  test('detaching from an unknown room: content.unknown-room', async () => {
    const { rules } = await (await filled()).when(detachAddInCommand, { deployment: legacy, room: 'Nowhere' });
    expect(rules).toEqual(['content.unknown-room']);
  });
});

describe('ExcludeRoom and IncludeRoom', () => {
  const room = { deployment: legacy, room: 'fx desk' };

  test('each is done, then unchanged, and the rooms to account for follow', async () => {
    const story = await filled();
    const toAccountFor = () => {
      const { rooms, excludedRooms } = story.state(contentStream(legacy));
      return rooms.size - excludedRooms;
    };
    expect(toAccountFor()).toBe(1);
    const { events } = await story.when(excludeRoomCommand, { ...room, reason: 'silent' });
    expect(dataOf(events)).toEqual([
      { type: 'RoomExcluded', data: { deployment: legacy, room: 'FX desk', reason: 'silent' } },
    ]);
    expect(toAccountFor()).toBe(0);
    expect((await story.when(excludeRoomCommand, { ...room, reason: 'empty' })).outcome).toBe('unchanged');
    expect(dataOf((await story.when(includeRoomCommand, room)).events)).toEqual([
      { type: 'RoomIncluded', data: { deployment: legacy, room: 'FX desk' } },
    ]);
    expect((await story.when(includeRoomCommand, room)).outcome).toBe('unchanged');
    expect(toAccountFor()).toBe(1);
  });

  test('an unknown room: content.unknown-room, wherever else there is one', async () => {
    const story = (await filled()).where(inOther);
    const unknown = { deployment: legacy, room: 'Nowhere' };
    expect((await story.when(excludeRoomCommand, { ...unknown, reason: 'silent' })).rules).toEqual([
      'content.unknown-room',
    ]);
    expect((await story.when(includeRoomCommand, unknown)).rules).toEqual(['content.unknown-room']);
  });

  test('what a migration has exported already: migration.already-exported', async () => {
    const story = await filled();
    const room = { deployment: legacy, room: 'FX desk' };
    const marked = (type: 'ContentExported' | 'ContentReturned') =>
      story.record(write(contentStream(legacy), { type, data: { deployment: legacy, migration: 'm1' } }));
    marked('ContentExported');
    const excluding = () => story.when(excludeRoomCommand, { ...room, reason: 'silent' });
    const refused = { refusals: [{ rule: 'migration.already-exported', migration: 'm1' }] };
    expect(await excluding()).toMatchObject(refused);
    expect(await story.when(includeRoomCommand, room)).toMatchObject({ outcome: 'unchanged' });
    marked('ContentReturned');
    await excluding();
    marked('ContentExported');
    expect(await story.when(includeRoomCommand, room)).toMatchObject(refused);
    expect(await excluding()).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('what is removed is unknown afterwards', () => {
  test('RemoveRoom', async () => {
    const story = await filled();
    await story.after([anyCommand(excludeRoomCommand), { deployment: legacy, room: 'FX desk', reason: 'silent' }]);
    const remove = () => story.when(removeRoomCommand, { deployment: legacy, room: 'FX DESK' });
    expect(dataOf((await remove()).events)).toEqual([
      { type: 'RoomRemoved', data: { deployment: legacy, room: 'FX desk' } },
    ]);
    expect((await remove()).rules).toEqual(['content.unknown-room']);
    expect(story.state(contentStream(legacy)).excludedRooms).toBe(0);
  });

  test('RemoveCategory, once its rooms and categories are gone', async () => {
    const story = await filled();
    const remove = (category: string) => story.when(removeCategoryCommand, { deployment: legacy, category });
    expect((await remove('trading')).refusals).toMatchObject([
      { rule: 'content.category-not-empty', rooms: 1, categories: 1 },
    ]);
    await story.after([anyCommand(removeRoomCommand), { deployment: legacy, room: 'FX desk' }]);
    expect((await remove('trading')).rules).toEqual(['content.category-not-empty']);
    expect((await remove('nested')).outcome).toBe('done');
    expect(dataOf((await remove('trading')).events)).toEqual([
      { type: 'CategoryRemoved', data: { deployment: legacy, category: 'Trading' } },
    ]);
    expect((await remove('trading')).rules).toEqual(['content.unknown-category']);
  });

  test('RemoveAddIn, once no room shows it', async () => {
    const story = await filled();
    await story.after([anyCommand(attachAddInCommand), { deployment: legacy, room: 'FX desk', addIn: 'Ticker' }]);
    const remove = () => story.when(removeAddInCommand, { deployment: legacy, addIn: 'TICKER' });
    expect((await remove()).refusals).toMatchObject([{ rule: 'content.add-in-in-use', rooms: 1 }]);
    await story.after([anyCommand(removeRoomCommand), { deployment: legacy, room: 'FX desk' }]);
    expect(dataOf((await remove()).events)).toEqual([
      { type: 'AddInRemoved', data: { deployment: legacy, addIn: 'Ticker' } },
    ]);
    expect((await remove()).rules).toEqual(['content.unknown-add-in']);
  });
});
