import type { Values } from '../../../words';
import { valueText } from '../../../words';
import { fillWith } from '../../../words/message';
import { isKey, language, t } from '../i18n/index.svelte';
import type { SceneEntry } from './scenes';
import type { Expected } from './state/fields';
import type { Problem } from './state/link';

/** A scene's own text in the language chosen. Reactive in components. */
export function sceneText({ texts }: SceneEntry, key: string, values: Values = {}): string {
  return fillWith(texts[language.current][key] ?? key, values, (value) => valueText(value, language.current));
}

const expectedText = (expected: Expected): string => {
  if (expected.kind === 'choice') return t('learn.expected.choice', { options: expected.options.join(', ') });
  if (expected.kind === 'fits') return t('learn.expected.fits', { as: expected.as });
  const { min, max } = expected;
  if (expected.kind !== 'numbers') return t(`learn.expected.${expected.kind}`, { min, max });
  const sizes = expected.sizes.map(([least, most]) => (least === most ? String(most) : `${least}…${most}`)).join(' × ');
  return t('learn.expected.numbers', { sizes, min, max });
};

/** What a link or a file has wrong, what was expected, what is done. */
export function problemText({ field, found, expected }: Problem): string {
  if (field === 'scene') return t('learn.problem.scene', { found });
  if (!expected) return t('learn.problem.field', { field });
  const key = `setting.${field}`;
  return t('learn.problem.value', { field: isKey(key) ? t(key) : field, found, expected: expectedText(expected) });
}
