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

/** Fills a template; a name that has no value stays as it is, so that the gap shows. */
export function fillWith(template: string, values: Values, show: (value: Value) => string): string {
  return template.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    if (one !== undefined && many !== undefined) return Number(values[name]) === 1 ? one : many;
    return show(values[name]);
  });
}

/** A number in writing: whole ones from 100,000 on in groups of three. What is no quantity (a seed, a process) is given as a text. */
const numeral = (value: number): string =>
  Number.isSafeInteger(value) && Math.abs(value) >= 100_000 ? value.toLocaleString('en-US') : String(value);

/** A value in words; `lookUp` gives a code's sentence. */
export function fillValue(value: Value, language: Language, lookUp: (code: string) => Entry | undefined): string {
  // Names from files and folders may hold anything.
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number') return numeral(value);
  if (isList(value)) return value.map((each) => fillValue(each, language, lookUp)).join(separators[language]);
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
