import { category, room } from './apply.js';
import { event, type Fields, judge, type ModelRefusal, type Verdict } from './verdict.js';
import { addInOf, categoryOf, type Deployment, deploymentOf, isLegacy, roomOf, same, type World } from './world.js';

type Rule = ModelRefusal | string | false | undefined;

/** Contract §2.2. Of a deployment that is unknown nothing else can be told; one that is decommissioned is told so beside all else. */
export const contentRules: Readonly<Record<string, (world: World, fields: Fields) => Verdict>> = {
  AddCategory: within((world, fields, deployment) => {
    const { category: name, parent } = fields;
    const wanted = {
      ...category(fields),
      parent: (parent && categoryOf(world, deployment.deployment, parent)?.category) ?? parent ?? null,
    };
    const known = categoryOf(world, deployment.deployment, name);
    return {
      always: [],
      unlessHeld: [
        sealed(deployment),
        known && 'content.exists',
        roomOf(world, deployment.deployment, name) && 'content.name-clash',
        parent !== undefined && !isLegacy(deployment.generation) && 'content.nested-category',
        parent !== undefined && missing(world, 'categories', 'category', deployment.deployment, parent),
      ],
      events: known && alike(known, wanted, 'category') ? [] : [event('CategoryAdded', wanted)],
    };
  }),

  AddRoom: within((world, fields, deployment) => {
    const at = deployment.deployment;
    const known = roomOf(world, at, fields.room);
    const wanted = {
      ...room(fields),
      category: categoryOf(world, at, fields.category)?.category ?? fields.category,
      addIn: (fields.addIn && addInOf(world, at, fields.addIn)?.addIn) ?? fields.addIn ?? null,
      excluded: known?.excluded ?? false,
    };
    const { excluded: _, ...data } = wanted;
    return {
      always: [],
      unlessHeld: [
        sealed(deployment),
        known && 'content.exists',
        categoryOf(world, at, fields.room) && 'content.name-clash',
        missing(world, 'categories', 'category', at, fields.category),
        fields.addIn !== undefined && missing(world, 'addIns', 'addIn', at, fields.addIn),
      ],
      events: known && alike(known, wanted, 'room') ? [] : [event('RoomAdded', data)],
    };
  }),

  AddAddIn: within((world, fields, deployment) => {
    const { addIn, url } = fields;
    const known = addInOf(world, deployment.deployment, addIn);
    return {
      always: [],
      unlessHeld: [sealed(deployment), known && 'content.exists'],
      events: known?.url === url ? [] : [event('AddInAdded', { deployment: deployment.deployment, addIn, url })],
    };
  }),

  AttachAddIn: within((world, fields, { deployment }) => {
    const known = roomOf(world, deployment, fields.room);
    const addIn = addInOf(world, deployment, fields.addIn);
    return {
      always: [
        missing(world, 'rooms', 'room', deployment, fields.room),
        missing(world, 'addIns', 'addIn', deployment, fields.addIn),
      ],
      events:
        known && addIn && known.addIn === addIn.addIn
          ? []
          : [event('AddInAttached', { deployment, room: known?.room, addIn: addIn?.addIn })],
    };
  }),
  DetachAddIn: within((world, fields, { deployment }) => {
    const known = roomOf(world, deployment, fields.room);
    return {
      always: [missing(world, 'rooms', 'room', deployment, fields.room)],
      events: known && known.addIn === null ? [] : [event('AddInDetached', { deployment, room: known?.room })],
    };
  }),

  ExcludeRoom: within((world, fields, { deployment }) => {
    const known = roomOf(world, deployment, fields.room);
    return {
      always: [!known && 'content.unknown-room'],
      events: known?.excluded ? [] : [event('RoomExcluded', { deployment, room: known?.room, reason: fields.reason })],
    };
  }),
  IncludeRoom: within((world, fields, { deployment }) => {
    const known = roomOf(world, deployment, fields.room);
    return {
      always: [!known && 'content.unknown-room'],
      events: known && !known.excluded ? [] : [event('RoomIncluded', { deployment, room: known?.room })],
    };
  }),

  RemoveRoom: within((world, fields, { deployment }) => {
    const known = roomOf(world, deployment, fields.room);
    return {
      always: [!known && 'content.unknown-room'],
      events: [event('RoomRemoved', { deployment, room: known?.room })],
    };
  }),
  RemoveCategory: within((world, fields, { deployment }) => {
    const known = categoryOf(world, deployment, fields.category);
    const inside = [
      ...world.rooms.filter((each) => each.deployment === deployment && same(each.category, fields.category)),
      ...world.categories.filter((each) => each.deployment === deployment && same(each.parent, fields.category)),
    ];
    return {
      always: [!known && 'content.unknown-category', inside.length > 0 && 'content.category-not-empty'],
      events: [event('CategoryRemoved', { deployment, category: known?.category })],
    };
  }),
  RemoveAddIn: within((world, fields, { deployment }) => {
    const known = addInOf(world, deployment, fields.addIn);
    const used = world.rooms.some((each) => each.deployment === deployment && same(each.addIn, fields.addIn));
    return {
      always: [!known && 'content.unknown-add-in', used && 'content.add-in-in-use'],
      events: [event('AddInRemoved', { deployment, addIn: known?.addIn })],
    };
  }),
};

function within(rules: (world: World, fields: Fields, deployment: Deployment) => Parameters<typeof judge>[0]) {
  return (world: World, fields: Fields): Verdict => {
    const deployment = deploymentOf(world, fields.deployment);
    if (!deployment) return judge({ always: ['topology.unknown-deployment'], events: [] });
    const { always, ...rest } = rules(world, fields, deployment);
    return judge({ ...rest, always: [deployment.decommissioned && 'topology.deployment-decommissioned', ...always] });
  };
}

const sealed = (deployment: Deployment): Rule =>
  deployment.sealed && !deployment.decommissioned && 'topology.deployment-sealed';

/** Unknown here; or told to be in another deployment, where it is in one. */
function missing(
  world: World,
  kind: 'categories' | 'rooms' | 'addIns',
  field: 'category' | 'room' | 'addIn',
  deployment: string,
  name: string,
): Rule {
  const named = (world[kind] as readonly { deployment: string }[]).filter((each) =>
    same((each as unknown as Record<string, string>)[field], name),
  );
  if (named.some((each) => each.deployment === deployment)) return false;
  if (named.length > 0)
    return { rule: 'isolation.cross-deployment', facts: { deployment: named.map((each) => each.deployment) } };
  return { categories: 'content.unknown-category', rooms: 'content.unknown-room', addIns: 'content.unknown-add-in' }[
    kind
  ];
}

/** The same properties, names ignoring case; `name` is the thing's own. */
function alike(known: object, wanted: object, name: string): boolean {
  const properties = wanted as Record<string, unknown>;
  return Object.entries(known).every(([key, value]) => {
    const other = properties[key];
    if (key === name) return true;
    if (['parent', 'category', 'addIn'].includes(key)) return same(value as string | null, other as string | null);
    return value === other;
  });
}
