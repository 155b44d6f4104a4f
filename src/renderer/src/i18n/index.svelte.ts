import type { Failure } from '../../../shared/failures';
import { messagesIn, sentence, valueText, type Entry, type Message, type Values } from '../../../words';
import { fillWith } from '../../../words/message';
import type { Notice } from '../state/status.svelte';
import { recall, remember } from '../state/memory';
import { en, type Key } from './en';
import { zh } from './zh';

export type { Key } from './en';
export type Language = 'en' | 'zh';

const catalogues: Record<Language, Record<Key, string>> = { en, zh };

/** English or 简体中文: what the system speaks first, then what was chosen last. */
class LanguageController {
  current = $state<Language>('en');

  constructor() {
    const remembered = recall('language');
    this.current =
      remembered === 'en' || remembered === 'zh' ? remembered : navigator.language.startsWith('zh') ? 'zh' : 'en';
    this.#show();
  }

  choose(language: Language): void {
    this.current = language;
    remember('language', language);
    this.#show();
  }

  #show(): void {
    document.documentElement.lang = this.current === 'zh' ? 'zh-CN' : 'en';
  }
}

export const language = new LanguageController();

/** A text in the language chosen, its `{name}`s filled in. Reactive in components. */
export function t(key: Key, values: Values = {}): string {
  return fillWith(catalogues[language.current][key], values, (value) => valueText(value, language.current));
}

/** A key's texts in every language, or in one; none where it is no key: for keys made of data. */
export function inEveryLanguage(key: string, only?: Language): string[] {
  if (!isKey(key)) return [];
  return (only ? [only] : (['en', 'zh'] as const)).map((each) => catalogues[each][key]);
}

/** A text that has both languages beside it, in the language chosen. */
export const textOf = (words: Entry): string => words[language.current];

/** Whether the catalogue has the key: for keys made of data, such as a layer's kind. */
export function isKey(key: string): key is Key {
  return key in en;
}

/** What went wrong, as a sentence in the language chosen. Data that the app makes goes by the name that people know. */
export function failureText({ code, values }: Failure): string {
  const key = `setup.data.${String(values.file)}`;
  const named = isKey(key) && String(values.file).startsWith('builtin:') ? { ...values, file: t(key) } : values;
  return asSentence(messageText({ code, values: named }));
}

/** With a capital at the front, where a word stands there and no name, and a full stop at the end. */
function asSentence(text: string): string {
  const begun = text.replace(/^[a-z](?=[a-z]*( |$))/, (letter) => letter.toUpperCase());
  return /[.!?…。！？]$/.test(begun) ? begun : begun + (language.current === 'zh' ? '。' : '.');
}

/** Where in the window to do what a message advises, by its code. The command line says what to type instead. */
const places: Readonly<Record<string, Key>> = {
  'data.scale.binary': 'hint.range',
  'data.scale.dark': 'hint.range',
  'data.scale.other': 'hint.range',
  'data.scale.several': 'hint.range',
};

/** A message, in the language chosen. */
export function messageText(message: Message): string {
  const hints = new Set(messagesIn(message).flatMap(({ code }) => places[code] ?? []));
  return sentence(message, language.current) + [...hints].map((key) => t(key)).join('');
}

/** What was said, in the language chosen. */
export function noticeText(notice: Notice): string {
  if ('failure' in notice) return failureText(notice.failure);
  return t(notice.key, notice.params);
}

/** A layer's kind as people name it, with the numbers that matter (`Conv 5×5`); `short` for narrow columns. */
export function kindText(layer: { kind: string; settings: Record<string, unknown> }, short = false): string {
  const abbreviated = `kind.${layer.kind}.short`;
  const key = short && isKey(abbreviated) ? abbreviated : `kind.${layer.kind}`;
  const name = isKey(key) ? t(key) : layer.kind;
  const size = layer.settings.kernel ?? layer.settings.size;
  if (typeof size === 'number') return `${name} ${size}×${size}`;
  if (Array.isArray(size)) return `${name} ${size.join('×')}`;
  return name;
}
