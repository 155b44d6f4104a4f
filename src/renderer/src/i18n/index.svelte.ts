import type { Failure } from '../../../shared/failures';
import { sentence, valueText, type Message, type Values } from '../../../words';
import { fillWith } from '../../../words/message';
import type { Notice } from '../state/status.svelte';
import { recall, remember } from '../state/memory';
import { en, type Key } from './en';
import { paramsZh } from './reasons';
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

/** Whether the catalogue has the key: for keys made of data, such as a layer's kind. */
export function isKey(key: string): key is Key {
  return key in en;
}

/** What went wrong, in the language chosen. */
export function failureText(given: Failure): string {
  const failure = named(given);
  if (language.current === 'en') return failure.message;
  return messageText({ ...failure, values: paramsZh(failure.values) });
}

/** A message, in the language chosen. */
export function messageText(message: Message): string {
  return sentence(message, language.current);
}

/** In the words of the window: no switches of the command line, and data that the app makes by the name that people know. */
function named(failure: Failure): Failure {
  const { file, advice } = failure.values;
  if (typeof advice === 'string') {
    const words = advice
      .replaceAll(/\(--\S+ (\S+)\)/g, '($1)')
      .replace('--normalize standard', 'inputs scaled to mean 0');
    return {
      ...failure,
      values: { ...failure.values, advice: words },
      message: failure.message.replace(advice, words),
    };
  }
  const key = `setup.data.${file}`;
  if (!isKey(key) || typeof file !== 'string' || !file.startsWith('builtin:')) return failure;
  const name = t(key);
  return { ...failure, values: { ...failure.values, file: name }, message: failure.message.replace(file, name) };
}

/** What was said, in the language chosen. */
export function noticeText(notice: Notice): string {
  if ('failure' in notice) return failureText(notice.failure);
  return t(notice.key, language.current === 'zh' ? paramsZh(notice.params) : notice.params);
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

/** What the decoder says of a file (`PNG · palette`, `TIFF · CMYK + alpha`), its words in the language chosen. */
export function noteText(note: string): string {
  return note
    .split(' · ')
    .map((part) => {
      const page = /^1 of (\d+)$/.exec(part);
      if (page) return t('note.page', { count: page[1] });
      return part
        .split(' + ')
        .map((word) => (isKey(`note.${word}`) ? t(`note.${word}` as Key) : word))
        .join(' + ');
    })
    .join(' · ');
}
