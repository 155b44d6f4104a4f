import type { Value, Values } from '../../../words';
import { fillWith } from '../../../words/message';
import { foundZh, reasonsZh } from './reasons.zh';
import { saidLinesZh } from './said.zh';
import { setupReasonsZh } from './setup-reasons.zh';

interface Pattern {
  test: RegExp;
  text: string;
}

/** A template as an expression that finds what its `{name}`s stand for. */
function pattern([template, text]: [string, string]): Pattern {
  const source = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.*?)');
  return { test: new RegExp(`^${source}$`, 'i'), text };
}

const reasons = Object.entries({ ...reasonsZh, ...setupReasonsZh }).map(pattern);
const said = Object.entries(saidLinesZh).map(pattern);
const founds = Object.entries(foundZh).map(pattern);

function match(patterns: readonly Pattern[], english: string): string | null {
  for (const { test, text } of patterns) {
    const found = test.exec(english.trim());
    if (!found) continue;
    // A reason within the reason, and what was found, are words too.
    const { reason, found: seen } = found.groups ?? {};
    const inner: Record<string, string> = {};
    if (reason) inner.reason = match(reasons, reason) ?? reason;
    if (seen) inner.found = match(founds, seen) ?? seen;
    return fillWith(text, { ...found.groups, ...inner }, String);
  }
  return null;
}

/** An English reason in Chinese; one that no template fits is quoted as what it is. */
export function reasonZh(english: string): string {
  return match(reasons, english) ?? `原文“${english}”`;
}

/** What the engine said of a run, in Chinese where a template fits; else as it was said. */
export function saidZh(line: string): string {
  return match(said, line) ?? match(reasons, line) ?? line;
}

/** A failure's parameters in Chinese: `reason` and `found` are words, the others names and numbers. */
export function paramsZh(params: Values): Record<string, Value> {
  const chinese: Record<string, Value> = { ...params };
  const { reason, found, what, layer, advice } = params;
  if (typeof what === 'string') chinese.what = match(reasons, what) ?? what;
  if (layer === 'none (the loss itself)') chinese.layer = '损失本身';
  if (typeof advice === 'string') {
    const ways = advice.replace(/^try /, '').split(', ');
    chinese.advice = `可以尝试${ways.map((way) => match(reasons, way) ?? way).join('、')}`;
  }
  if (typeof reason === 'string') chinese.reason = reasonZh(reason);
  if (typeof found === 'string') chinese.found = match(founds, found) ?? found;
  return chinese;
}
