import { dropDraft, keepDraft, keptDraft } from './kept-draft.js';

const owner = { who: 'Anna', form: 'home-user' };
const draft = { user: 'paul.perry@contoso.com', pool: '' };
const before = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage');
const kept = new Map<string, string>();

function browserKeeps(storage: object): void {
  Object.defineProperty(globalThis, 'sessionStorage', { value: storage, configurable: true });
}

beforeEach(() => {
  kept.clear();
  browserKeeps({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterAll(() => {
  if (before) Object.defineProperty(globalThis, 'sessionStorage', before);
  else Reflect.deleteProperty(globalThis, 'sessionStorage');
});

it('what was written in a form is there again, until it was sent', () => {
  keepDraft(owner, draft);
  expect(keptDraft(owner)).toEqual(draft);
  dropDraft();
  expect(keptDraft(owner)).toBeUndefined();
});

it('it is nothing of another form, and nobody else sees it', () => {
  keepDraft(owner, draft);
  expect(keptDraft({ ...owner, form: 'enrol-user' })).toBeUndefined();
  expect(keptDraft({ ...owner, who: 'Boris' })).toBeUndefined();
});

it('only the last form is kept', () => {
  keepDraft(owner, draft);
  keepDraft({ ...owner, form: 'enrol-user' }, draft);
  expect(keptDraft(owner)).toBeUndefined();
  expect(kept.size).toBe(1);
});

it('a text that is none of ours, and a browser that keeps nothing, begin anew', () => {
  kept.set('homeward.draft', 'not JSON');
  expect(keptDraft(owner)).toBeUndefined();
  const refuse = (): never => {
    throw new Error('storage is off');
  };
  browserKeeps({ getItem: refuse, setItem: refuse, removeItem: refuse });
  keepDraft(owner, draft);
  dropDraft();
  expect(keptDraft(owner)).toBeUndefined();
});
