import { FailureError } from '../shared/failures';
import { isMessage, type Message, type Value } from '../words';

/** The switch of what is advised; none for what has no switch. */
const switches: Readonly<Record<string, (values: Message['values']) => string>> = {
  'train.advice.smaller': ({ rate }) => `--lr ${String(rate)}`,
  'train.advice.larger': ({ rate }) => `--lr ${String(rate)}`,
  'train.advice.clip': ({ norm }) => `--clip ${String(norm)}`,
  'train.advice.warmup': ({ epochs }) => `--warmup ${String(epochs)}`,
  'train.advice.standard': () => '--normalize standard',
  'train.advice.initializer': () => '--initializer he',
};

/** The switches that do what a message advises: ` (--lr 0.001, --clip 1)`; nothing where it advises nothing. */
export function switchesIn({ values }: Pick<Message, 'values'>): string {
  const { advice } = values;
  const words = (Array.isArray(advice) ? (advice as Value[]) : [])
    .filter(isMessage)
    .flatMap((each) => switches[each.code]?.(each.values) ?? []);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}

export const switchesFor = (error: unknown): string => (error instanceof FailureError ? switchesIn(error) : '');
