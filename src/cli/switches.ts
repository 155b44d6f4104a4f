import { MessageError, messagesIn, sentence, type Message } from '../words';

/** What to type for what a message advises, by its code. The messages themselves name no switch: the window shows them too. */
const switches: Readonly<Record<string, (values: Message['values']) => string>> = {
  'data.scale.binary': () => '--range 0:255',
  'data.scale.dark': ({ high }) => `--range 0:${String(high)}`,
  'data.scale.other': ({ range }) => `--range ${String(range)}`,
  'data.scale.several': () => '--range 0:1 or --range 0:255',
  'evaluation.picture-kept': () => '--as-guessed',
  'guess.kept': () => '--as-guessed',
  'image.invert.done': () => '--invert off',
  'image.invert.suspected': () => '--invert on',
  'image.invert.suggested': () => '--invert on',
  'labels.permuted': () => '--labels',
  'run.exists': () => '--resume or --overwrite',
  'run.nothing': ({ missing }) => (missing as Message[]).map(({ code }) => `--${code.split('.').at(-1)!}`).join(', '),
  'train.advice.smaller': ({ rate }) => `--lr ${String(rate)}`,
  'train.advice.larger': ({ rate }) => `--lr ${String(rate)}`,
  'train.advice.clip': ({ norm }) => `--clip ${String(norm)}`,
  'train.advice.warmup': ({ epochs }) => `--warmup ${String(epochs)}`,
  'train.advice.standard': () => '--normalize standard',
  'train.advice.initializer': () => '--initializer he',
  'train.gradients': () => '--executor reference',
};

/** The switches that do what a message and those within it advise: ` (--lr 0.001, --clip 1)`; nothing where none does. */
export function switchesIn(message: Message): string {
  const words = messagesIn(message).flatMap(({ code, values }) => switches[code]?.(values) ?? []);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}

/** A message as the command line says it: in English, with what to type. */
export const told = (message: Message): string => sentence(message) + switchesIn(message);

export const switchesFor = (error: unknown): string => (error instanceof MessageError ? switchesIn(error.reason) : '');
