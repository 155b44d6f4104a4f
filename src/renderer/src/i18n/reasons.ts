import type { Values } from '../../../words';
import { fillWith } from '../../../words/message';
import { foundZh, reasonsZh } from './reasons.zh';
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

/** A failure's values in Chinese, of those that are still English texts: `reason` and `found`. */
export function valuesZh(values: Values): Values {
  const { reason, found } = values;
  return {
    ...values,
    ...(typeof reason === 'string' && { reason: reasonZh(reason) }),
    ...(typeof found === 'string' && { found: match(founds, found) ?? found }),
  };
}
