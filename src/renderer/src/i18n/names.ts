import type { Message, Value } from '../../../words';
import { settings } from '../../../words/settings';
import { isKey, language, t, textOf, type Key } from './index.svelte';

/** The catalogue's text where it has the key, else what the engine calls it: networks and data of others. */
function named(key: string, otherwise: string, params: Record<string, string> = {}): string {
  return isKey(key) ? t(key as Key, params) : otherwise;
}

/** A network's title: ours by its id, another's as its file has it. */
export function networkName(model: { id: string; title: string; bundled?: boolean }): string {
  return model.bundled === false ? model.title : named(`network.${model.id}`, model.title);
}

export function sampleName({ id, name }: { id: string; name: string }): string {
  const digit = /^digit-(\d)$/.exec(id);
  return digit ? named('sample.digit', name, { digit: digit[1] }) : named(`sample.${id}`, name);
}

/** A class of a bundled network, or of one trained on generated data, in the language chosen; others stay as they were given. */
export function className(
  model: { bundled: boolean; training?: { data: string } | null } | null,
  label: string,
): string {
  const ours = model?.bundled || model?.training?.data.startsWith('builtin:');
  return ours ? named(`class.${label}`, label) : label;
}

/** The right answer of a bundled sample. */
export function sampleLabel(label: string): string {
  return named(`class.${label}`, label);
}

/** What a network's training record calls its data: bundled and generated sets have names in the catalogue. */
export function dataName(data: string): string {
  return named(`data.${data}`, named(`setup.data.${data}`, data));
}

export function resizeName(kernel: string): string {
  return named(`resize.${kernel}`, kernel);
}

export function optimizerName(kind: string): string {
  const { choices } = settings.optimizer;
  return Object.hasOwn(choices, kind) ? textOf(choices[kind as keyof typeof choices]) : kind;
}

/** A message about generated data, whose class names (`red`) are in the language chosen too. */
export function withSampleLabels({ code, values }: Message): Message {
  const rename = (value: Value): Value =>
    typeof value === 'string'
      ? sampleLabel(value)
      : typeof value === 'number'
        ? value
        : Array.isArray(value)
          ? (value as readonly Value[]).map(rename)
          : withSampleLabels(value as Message);
  return { code, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rename(value)])) };
}

/** A classic network's name with its year, unless that is part of the name. */
export const classicName = ({ title, year }: { title: string; year: number }): string =>
  title.includes(String(year)) ? title : t('picker.classics.year', { title, year: String(year) });

/** A large number with three digits: 4.09B, 40.9亿. */
export const roughly = (count: number): string =>
  new Intl.NumberFormat(language.current, { notation: 'compact', maximumSignificantDigits: 3 }).format(count);
