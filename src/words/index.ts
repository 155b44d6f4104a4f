import { certificateWords } from './certificate';
import { coreWords } from './core';
import { dataWords } from './data';
import { engineWords } from './engine';
import { diffWords } from './diff';
import { exportWords } from './export';
import { failureWords } from './failures';
import { foldersWords } from './folders';
import { foreignWords } from './foreign';
import { guessWords } from './guess';
import { headWords } from './head';
import { imageWords } from './image';
import { linkWords } from './link';
import { fillValue, messagesIn, type Entry, type Language, type Message, type Value, type Values } from './message';
import { menuWords } from './menu';
import { modelWords } from './model';
import { proposeWords } from './propose';
import { recipeWords } from './recipes';
import { runWords } from './run';
import { schemaWords } from './schema';
import { systemWords } from './system';
import { takeInWords } from './take-in';
import { trainWords } from './train';
import { unlikeWords } from './unlike';
import { uploadWords } from './uploads';

export { messagesIn };
export type { Entry, Language, Message, Value, Values } from './message';

/** Every sentence that reaches people from outside the window, in every language. */
export const words = {
  ...certificateWords,
  ...coreWords,
  ...dataWords,
  ...engineWords,
  ...diffWords,
  ...exportWords,
  ...failureWords,
  ...foldersWords,
  ...foreignWords,
  ...guessWords,
  ...headWords,
  ...imageWords,
  ...linkWords,
  ...menuWords,
  ...modelWords,
  ...proposeWords,
  ...recipeWords,
  ...runWords,
  ...schemaWords,
  ...systemWords,
  ...takeInWords,
  ...trainWords,
  ...unlikeWords,
  ...uploadWords,
};

export type Code = keyof typeof words;

/** The names in a template: `'{a} of {b|x|y}'` gives `'a' | 'b'`. */
type Names<Template extends string> = Template extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}|${string}` ? Name : Inside) | Names<Rest>
  : never;

/** What a code's sentence needs filled in. A reason is a message, so that no text of one language gets into it. */
export type ValuesOf<C extends Code> = {
  readonly [Name in Names<(typeof words)[C]['en']>]: Name extends 'reason' ? Message : Value;
};

/** A message: `say('data.empty', { file })`. What its sentence names must be given. */
export function say<C extends Code>(
  code: C,
  ...values: [Names<(typeof words)[C]['en']>] extends [never] ? [] : [values: ValuesOf<C>]
): Message {
  return { code, values: values[0] ?? {} };
}

const lookUp = (code: string): Entry | undefined =>
  Object.hasOwn(words, code) ? (words as Record<string, Entry>)[code] : undefined;

/** A message in words, English where nothing is said: the command line's language. */
export function sentence(message: Message, language: Language = 'en'): string {
  return valueText(message, language);
}

/** What fills a `{name}`, in words. */
export function valueText(value: Value, language: Language = 'en'): string {
  return fillValue(value, language, lookUp);
}

/** An error whose sentence is data. Its `message` is the English sentence. */
export class MessageError extends Error {
  override name = 'MessageError';
  constructor(readonly reason: Message) {
    super(sentence(reason));
  }
}

/**
 * Whatever was thrown, as a message: its own where it has one, the operating system's by its code, else its first line,
 * quoted. Without path and call (`no space left on device`).
 */
export function reasonOf(error: unknown): Message {
  if (error instanceof MessageError) return error.reason;
  if (!(error instanceof Error)) return say('system.quoted', { text: String(error) });
  // A browser's errors have names where the system's have codes.
  for (const known of [(error as { code?: unknown }).code, error.name]) {
    const code = `system.${String(known)}`;
    if (lookUp(code)) return { code, values: {} };
  }
  if (error instanceof RangeError && /memory|allocation/i.test(error.message)) return say('system.memory');
  const [line] = error.message.split('\n');
  return say('system.quoted', { text: /^[A-Z]+: ([^,]+)/.exec(line)?.[1] ?? line });
}

/** A sentence that was kept as a text, before sentences were data: as a message that quotes it. */
export const messageOf = (kept: string | Message): Message =>
  typeof kept === 'string' ? say('system.quoted', { text: kept }) : kept;

/** True for what `say` makes, after a journey as JSON too. */
export function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Message).code === 'string' &&
    lookUp((value as Message).code) !== undefined &&
    isValues((value as Message).values)
  );
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && Object.values(value).every(isValue);

const isValue = (value: unknown): value is Value =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  (Array.isArray(value) ? value.every(isValue) : isMessage(value));
