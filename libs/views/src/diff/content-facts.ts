import { subject } from '#kernel';
import { type FactsOf, latest, toFacts } from './known-facts.js';

interface Carried {
  readonly carriedFrom: string | null;
  readonly carriedName: string | null;
}

interface CategoryRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly parent: string | null;
  readonly invitations: number;
  readonly fileUpload: number;
  readonly chatHistory: number;
}

interface RoomRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly category: string;
  readonly type: string;
  readonly privacy: string;
  readonly addIn: string | null;
  readonly excluded: number;
}

interface AddInRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly url: string;
}

const inDeployment = ['deployment', 'key'];
const carried = { carriedFrom: 'carried_from', carriedName: 'carried_name' };

export const categories: FactsOf = (db, at, ids) => {
  const columns = {
    deployment: 'deployment',
    name: 'name',
    parent: 'parent',
    invitations: 'invitations',
    fileUpload: 'file_upload',
    chatHistory: 'chat_history',
    ...carried,
  };
  const found = latest<CategoryRow>(db, at, 'content.category', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, parent, invitations, fileUpload, chatHistory, ...from }) => ({
    subject: subject.category(deployment, name),
    facts: {
      parent,
      invitations: invitations === 1,
      fileUpload: fileUpload === 1,
      chatHistory: chatHistory === 1,
      carriedOverFrom: carriedOverFrom(from),
    },
  }));
};

export const rooms: FactsOf = (db, at, ids) => {
  const columns = {
    deployment: 'deployment',
    name: 'name',
    category: 'category',
    type: 'type',
    privacy: 'privacy',
    addIn: 'add_in',
    excluded: 'excluded',
    ...carried,
  };
  const found = latest<RoomRow>(db, at, 'content.room', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, category, type, privacy, addIn, excluded, ...from }) => ({
    subject: subject.room(deployment, name),
    facts: { category, type, privacy, addIn, excluded: excluded === 1, carriedOverFrom: carriedOverFrom(from) },
  }));
};

export const addIns: FactsOf = (db, at, ids) => {
  const columns = { deployment: 'deployment', name: 'name', url: 'url', ...carried };
  const found = latest<AddInRow>(db, at, 'content.add_in', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, url, ...from }) => ({
    subject: subject.addIn(deployment, name),
    facts: { url, carriedOverFrom: carriedOverFrom(from) },
  }));
};

function carriedOverFrom({ carriedFrom, carriedName }: Carried): object | null {
  return carriedFrom === null ? null : { deployment: carriedFrom, name: carriedName };
}

/** `<deployment>/<name>`, as names of content are keyed. */
const inTwo = (ids: readonly string[]): readonly (readonly string[])[] =>
  ids.map((id) => [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]);
