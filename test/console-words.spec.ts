import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { en } from '../apps/console/src/i18n/en.js';
import { ru } from '../apps/console/src/i18n/ru.js';
import { commandsOf, contexts } from '#server/contexts';
import { problemKinds } from '#server/problems/problem';
import { fieldsOf } from '#kernel';
import { findings } from '#migration';

/** The parser's number for text. */
const literal = '0';
type Part = ReturnType<IntlMessageFormat['getAst']>[number];

const folder = join(__dirname, '../apps/console/src');
const keys = Object.keys(en) as (keyof typeof en)[];
const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(({ name }) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts') && !/^(en|ru)\.ts$/.test(name))
  .map(({ parentPath, name }) => join(parentPath, name))
  .map((path) => ({ path: relative(folder, path), text: readFileSync(path, 'utf8') }));

const partsOf = (text: string, language: string): readonly Part[] =>
  new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst();

/** Every part, those within plurals too. */
function* deep(parts: readonly Part[]): Generator<Part> {
  for (const part of parts) {
    yield part;
    if ('options' in part) for (const { value } of Object.values(part.options)) yield* deep(value);
  }
}

const names = (text: string, language: string): readonly string[] =>
  [
    ...new Set(
      [...deep(partsOf(text, language))].flatMap((part) =>
        'value' in part && String(part.type) !== literal ? [part.value] : [],
      ),
    ),
  ].toSorted();

describe('the catalogues', () => {
  it('are there for both languages, word for word', () => {
    expect(Object.keys(ru).toSorted()).toEqual([...keys].toSorted());
    expect(keys.filter((key) => en[key].trim() === '' || ru[key].trim() === '')).toEqual([]);
  });

  it('say in both languages what they are told', () => {
    const differing = keys.filter((key) => names(en[key], 'en').join() !== names(ru[key], 'ru').join());
    expect(differing).toEqual([]);
  });

  it('have the plural forms of their language', () => {
    const forms = { en: ['one', 'other'], ru: ['few', 'many', 'one', 'other'] };
    const wrong = Object.entries({ en, ru }).flatMap(([language, catalogue]) =>
      keys.flatMap((key) =>
        [...deep(partsOf(catalogue[key], language))]
          .filter((part) => 'pluralType' in part)
          .filter(
            (part) =>
              Object.keys((part as { options: object }).options)
                .toSorted()
                .join() !== forms[language as 'en' | 'ru'].join(),
          )
          .map(() => `${language} ${key}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('are Russian where they are Russian', () => {
    // Names of products, formats and cmdlets are the same everywhere.
    const same = keys.filter((key) => ru[key] === en[key] && /[a-z]{3}/i.test(en[key].replaceAll(/\{[^}]*\}/g, '')));
    expect(same.filter((key) => !/^(generation|client|method)\.|^field\.(guid|uri|sha256)$/.test(key))).toEqual([]);
    expect(keys.filter((key) => /[а-яё]/i.test(en[key]))).toEqual([]);
  });

  it('hold no word that nothing says', () => {
    const text = sources.map((source) => source.text).join('\n');
    const families = [...text.matchAll(/t\(\s*`([\w.-]*\.)?\$\{/g)].map(([, family]) => family ?? '');
    const named = [...text.matchAll(/\.named\(\s*'([\w-]+)'/g)].map(([, family]) => `${family}.`);
    // Of a choice of a field, by the field's name.
    const prefixes = [...families, ...named, 'side.', 'method.', 'plan.', 'result.', 'room.'].filter(
      (prefix) => prefix !== '',
    );
    const isSaid = (key: string): boolean =>
      text.includes(`'${key}'`) || prefixes.some((prefix) => key.startsWith(prefix));
    expect(keys.filter((key) => !isSaid(key))).toEqual([]);
  });

  it('have words for every rule and every finding', () => {
    const texts = readdirSync(join(__dirname, '../libs'), { recursive: true, withFileTypes: true })
      .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
    const rules = texts.flatMap((text) => [...text.matchAll(/\brule: '([a-z0-9.-]+)'/g)].map(([, rule]) => rule ?? ''));
    expect(rules.length).toBeGreaterThan(50);
    expect([...new Set(rules)].filter((rule) => !(`rule.${rule}` in en))).toEqual([]);
    expect(findings.filter(({ finding }) => !(`findingName.${finding}` in en))).toEqual([]);
  });

  it('have words for every kind of problem', () => {
    const kinds = Object.keys(problemKinds).flatMap((kind) => [`problem.${kind}`, `problemAdvice.${kind}`]);
    expect(kinds.filter((key) => !(key in en))).toEqual([]);
    expect(keys.filter((key) => /^problem(Advice)?\./.test(key)).toSorted()).toEqual(kinds.toSorted());
  });

  it('name every command and every field of one', () => {
    const commands = commandsOf(contexts);
    expect(commands.map(({ name }) => `command.${name}`).filter((key) => !(key in en))).toEqual([]);
    const fields = new Set(commands.flatMap(({ command }) => fieldsOf(command).map(({ name }) => name)));
    expect([...fields].filter((name) => !(`field.${name}` in en))).toEqual([]);
    expect([...fields].filter((name) => !(`fieldHint.${name}` in en) && !['name'].includes(name))).toEqual([]);
  });
});

/** Texts that are the same in every language. */
const universal = /^(Homeward|npm run demo|curl|PowerShell|Ctrl K|SIP URI)$/;
const spoken = ['aria-label', 'label', 'title', 'placeholder', 'alt', 'hint', 'content', 'detail', 'text'];

/** Words that stand in the markup itself. */
function untranslated({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isJsxText(node)) found.push(node.text.trim());
    else if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (spoken.includes(node.name.getText())) found.push(node.initializer.text);
    } else if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteral(node.expression))
      if (!ts.isJsxAttribute(node.parent)) found.push(node.expression.text);
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found.filter((each) => /\p{L}{2}/u.test(each) && !universal.test(each)).map((each) => `${path}: ${each}`);
}

describe('the console', () => {
  it('has no words outside of the catalogues', () => {
    expect(sources.flatMap(untranslated)).toEqual([]);
  });

  it('would be caught having some', () => {
    const caught = (text: string): number => untranslated({ path: 'a.tsx', text }).length;
    expect(caught('const a = <p>Some words</p>;')).toBe(1);
    expect(caught('const a = <Button title="Save">{t("save")}</Button>;')).toBe(1);
    expect(caught("const a = <p>{'Some words'}</p>;")).toBe(1);
    expect(caught('const a = <p className="page">{words} → 12</p>;')).toBe(0);
  });
});
