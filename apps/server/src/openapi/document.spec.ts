import { fieldsOf, validateCommand } from '#kernel';
import { commandsOf, contexts } from '../contexts.js';
import { allViews } from '../views/view-answers.js';
import { openApiDocument } from './document.js';
import { ownPaths } from './own-paths.js';

const commands = commandsOf(contexts);
const document = openApiDocument(commands, allViews, ownPaths) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

test.each(commands)('the examples of $name are accepted as they stand, and are shown', (definition) => {
  const { path, example, moreExamples } = definition;
  for (const each of [example, ...Object.values(moreExamples ?? {})])
    expect(validateCommand(definition, { ...each }).errors).toBeUndefined();
  const { post } = document.paths[`/api/commands/${path}`] as { post: { requestBody: { content: object } } };
  const named = Object.entries({ example, ...moreExamples }).map(([name, value]) => [name, { value }]);
  expect(post.requestBody.content).toMatchObject({
    'application/json': moreExamples ? { examples: Object.fromEntries(named) as object } : { example },
  });
});

test.each(commands)('$name has its path, and a schema with exactly its fields', ({ name, path, command }) => {
  expect(document.paths[`/api/commands/${path}`]).toHaveProperty('post');
  expect(Object.keys((document.components.schemas[name] as { properties: object }).properties)).toEqual(
    fieldsOf(command).map((field) => field.name),
  );
});

test('every view has its path, and every parameter in a path is declared', () => {
  for (const { path } of allViews) {
    const { get } = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')] as {
      get: { parameters: { in: string; name: string }[] };
    };
    const declared = get.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(declared).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  }
});

test('no parameter is declared twice, and every reference leads somewhere', () => {
  for (const operations of Object.values(document.paths))
    for (const { parameters = [] } of Object.values(operations) as { parameters?: { in: string; name: string }[] }[]) {
      const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(names).toEqual([...new Set(names)]);
    }
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas).toHaveProperty(name ?? '');
});
