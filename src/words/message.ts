import { printable } from './printable';

/**
 * A sentence for people, as data: which one it is and what is filled in. It is put into words, in one language, only where
 * it is shown. JSON-able, so it crosses between processes and lies in files as it is.
 */
export interface Message {
  readonly code: string;
  readonly values: Values;
}

/** What fills a `{name}`: a text as it is (a file's name, a number already formatted), a number, another message, or a list of them. */
export type Value = string | number | Message | readonly Value[];
export type Values = Readonly<Record<string, Value>>;

export type Language = 'en' | 'zh';

/**
 * One sentence in both languages. `{name}` stands for a value, `{count|file|files}` for the word that fits the number
 * `count` (1, or any other). Both languages name the same values.
 */
export interface Entry {
  readonly en: string;
  readonly zh: string;
}

/** A file's own sentences, by code. Codes are `room.what`; no code appears twice. */
export type Entries = Readonly<Record<string, Entry>>;

const separators: Record<Language, string> = { en: ', ', zh: '、' };

/** A value in a template, with the spaces around it. */
const PLACE = /( ?)\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}( ?)/g;
/** Chinese characters and punctuation, beside which no space stands. */
const BEGINS_WIDE = /^[\p{Script=Han}“”‘’（）《》，。、；：？！]/u;
const ENDS_WIDE = /[\p{Script=Han}“”‘’（）《》，。、；：？！]$/u;

const HAN = /^\p{Script=Han}$/u;
const BEGINS_LATIN = /^[A-Za-z0-9]/;
const ENDS_LATIN = /[A-Za-z0-9]$/;

/**
 * Fills a template; a name that has no value stays as it is, so that the gap shows. In Chinese a space stands between a character and a
 * Latin word or number that is filled in beside it, and none beside what is Chinese itself, whatever the template has.
 */
export function fillWith(template: string, values: Values, show: (value: Value) => string): string {
  const chinese = /\p{Script=Han}/u.test(template);
  return template.replace(
    PLACE,
    (
      whole: string,
      before: string,
      name: string,
      one: string | undefined,
      many: string | undefined,
      after: string,
      at: number,
    ) => {
      if (!Object.hasOwn(values, name)) return whole;
      if (one !== undefined && many !== undefined) return before + (Number(values[name]) === 1 ? one : many) + after;
      const shown = show(values[name]);
      if (!chinese) return before + shown + after;
      const left = BEGINS_LATIN.test(shown) && HAN.test(template.charAt(at - 1)) ? ' ' : before;
      const right = ENDS_LATIN.test(shown) && HAN.test(template.charAt(at + whole.length)) ? ' ' : after;
      return (BEGINS_WIDE.test(shown) ? '' : left) + shown + (ENDS_WIDE.test(shown) ? '' : right);
    },
  );
}

/** A number in writing: whole ones from 100,000 on in groups of three. What is no quantity (a seed, a process) is given as a text. */
const numeral = (value: number): string =>
  Number.isSafeInteger(value) && Math.abs(value) >= 100_000 ? value.toLocaleString('en-US') : String(value);

/** A value in words; `lookUp` gives a code's sentence. */
export function fillValue(value: Value, language: Language, lookUp: (code: string) => Entry | undefined): string {
  // Names from files and folders may hold anything.
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number') return numeral(value);
  if (isList(value)) {
    const shown = value.map((each) => fillValue(each, language, lookUp));
    return (language === 'zh' ? shown.map((each) => each.trim()) : shown).join(separators[language]);
  }
  const entry = lookUp(value.code);
  if (!entry) return value.code;
  return fillWith(entry[language], value.values, (inner) => fillValue(inner, language, lookUp));
}

/** A message and all messages within it, outer ones first. */
export function messagesIn(message: Message): Message[] {
  const inside = (value: Value): Message[] =>
    typeof value !== 'object' ? [] : isList(value) ? value.flatMap(inside) : messagesIn(value);
  return [message, ...Object.values(message.values).flatMap(inside)];
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
