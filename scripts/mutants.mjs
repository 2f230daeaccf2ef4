// Seeded mutants of the deciders: how many of them do the specs notice?
//   node scripts/mutants.mjs [--sample 150] [--seed 1] [--context homing]
// Each mutant changes one place in a copy of the checkout and runs its context's specs; what survives those is shown to the
// property test of the rules (`test/property-rules.spec.ts`) too. The checkout itself is never touched.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const { values: asked } = parseArgs({
  options: {
    sample: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    context: { type: 'string', multiple: true },
  },
});
const root = resolve(import.meta.dirname, '..');
const contexts = asked.context ?? ['topology', 'policy', 'homing', 'content', 'decommission', 'access'];
const runSecondsMax = 120;

/** What tells of a command or an event, and decides nothing. */
const descriptions = /^(summary|example|subjects|serialOn|say|role|detail|title)$/;
const statuses = ['active', 'sealed', 'decommissioned', 'met', 'not-met', 'waived', 'unknown', 'attested', 'computed'];
const swapped = { '===': '!==', '!==': '===', '&&': '||', '||': '&&', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

const mutants = shuffled(contexts.flatMap(mutantsOf), Number(asked.seed));
const sample = mutants.slice(0, Number(asked.sample));
const copy = mkdtempSync(join(tmpdir(), 'homeward-mutants-'));
try {
  judgeAll();
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function judgeAll() {
  for (const name of ['libs', 'test', 'apps', 'scripts', 'package.json', 'jest.config.cjs', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const context of contexts)
    if (!passes(`libs/${context}/`)) throw new Error(`the specs of ${context} fail without any mutant`);
  const results = sample.map((mutant, index) => {
    const result = judge(mutant);
    process.stderr.write(`${index + 1}/${sample.length} ${result} ${mutant.file}:${mutant.line} ${mutant.what}\n`);
    return { ...mutant, result };
  });
  report(results);
}

/** Who noticed: the context's own specs, the property test, or nobody. */
function judge({ context, file, start, end, text }) {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, source.slice(0, start) + text + source.slice(end));
  try {
    if (!passes(`libs/${context}/`)) return 'specs';
    if (context !== 'access' && !passes('test/property-rules')) return 'property';
    return 'survived';
  } finally {
    writeFileSync(path, source);
  }
}

/** A run that does not come to an end has noticed something as well. */
function passes(specs) {
  const jest = [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--bail',
    '--silent',
    '-i',
    specs,
  ];
  const { status } = spawnSync(join(root, 'node_modules/.bin/node'), jest, {
    cwd: copy,
    stdio: 'ignore',
    timeout: runSecondsMax * 1000,
  });
  return status === 0;
}

function report(results) {
  const row = (name, some) => {
    const by = (result) => some.filter((each) => each.result === result).length;
    const percent = some.length === 0 ? '' : `${Math.round(((some.length - by('survived')) / some.length) * 100)} %`;
    return `| ${name} | ${some.length} | ${by('specs')} | ${by('property')} | ${by('survived')} | ${percent} |`;
  };
  const lines = [
    `${sample.length} of ${mutants.length} mutants, seed ${asked.seed}`,
    '',
    '| context | mutants | noticed by its specs | by the property test alone | survived | score |',
    '|---|---|---|---|---|---|',
    ...contexts.map((context) =>
      row(
        context,
        results.filter((each) => each.context === context),
      ),
    ),
    row('all', results),
    '',
    ...results
      .filter(({ result }) => result === 'survived')
      .map(({ file, line, what }) => `- \`${file}:${line}\` ${what}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function mutantsOf(context) {
  const folder = `libs/${context}/src`;
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !/(\.spec|testing|^index)\.ts$/.test(name))
    .flatMap((name) => mutantsOfFile(context, `${folder}/${name}`));
}

function mutantsOfFile(context, file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, text, what) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.push({
      context,
      file,
      line,
      start,
      end: node.getEnd(),
      text,
      what: `${what}: \`${short(node.getText(source))}\``,
    });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isDecorator(node) || ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAssignment(node) && descriptions.test(node.name.getText(source))) return;
    mutate(node, source, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function mutate(node, source, add) {
  const text = node.getText(source);
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
    const condition = node.expression ?? node.condition;
    add(condition, `!(${condition.getText(source)})`, 'condition negated');
  }
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText(source);
    if (swapped[operator]) add(node.operatorToken, swapped[operator], `in \`${short(text)}\``);
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    add(node, node.operand.getText(source), 'negation dropped');
  if (ts.isCallExpression(node) && node.expression.getText(source) === 'refusedBy')
    for (const rule of node.arguments) add(rule, ts.isSpreadElement(rule) ? '...[]' : 'false', 'refusal dropped');
  if (ts.isStringLiteral(node) && statuses.includes(node.text) && !ts.isLiteralTypeNode(node.parent))
    add(node, `'${statuses[(statuses.indexOf(node.text) + 1) % 3]}'`, 'another status');
  if (ts.isArrayLiteralExpression(node))
    for (const element of node.elements)
      if (/^\.\.\.|type: '[A-Z]/.test(element.getText(source))) add(element, '...[]', 'event dropped');
  if (
    ts.isReturnStatement(node) &&
    node.expression &&
    decides(node, source) &&
    node.expression.getText(source) !== '[]'
  )
    add(node.expression, '[]', 'nothing decided');
}

/** Whether the function around it answers with a decision. */
function decides(node, source) {
  for (let around = node.parent; around; around = around.parent)
    if (ts.isFunctionLike(around)) return /Decision|readonly \w*Event\[\]/.test(around.type?.getText(source) ?? '');
  return false;
}

function short(text) {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}

/** Fisher-Yates by mulberry32. */
function shuffled(list, seed) {
  const all = [...list];
  let state = seed;
  for (let index = all.length - 1; index > 0; index--) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (index + 1);
    [all[index], all[other]] = [all[other], all[index]];
  }
  return all;
}
