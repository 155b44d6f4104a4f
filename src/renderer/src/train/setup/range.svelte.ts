import type { PixelRange } from '../../../../shared/data-sets';
import type { Message } from '../../../../words';
import { numberText, parseNumber } from '../../widgets/number';

export const rangeKinds = ['read', 'unit', 'bytes', 'own'] as const;
/** As the values say by themselves, 0 … 1, 0 … 255, or two numbers of one's own. */
export type RangeKind = (typeof rangeKinds)[number];

const fixed = { read: null, unit: { low: 0, high: 1 }, bytes: { low: 0, high: 255 } } as const;

/** Which pixel values are black and white, as chosen or typed. */
export class RangeForm {
  kind = $state<RangeKind>('read');
  low = $state('0');
  high = $state('255');

  /** @param usual what its own two numbers begin with. */
  choose(kind: RangeKind, usual: PixelRange | null): void {
    if (kind === 'own' && usual) {
      this.low = numberText(usual.low);
      this.high = numberText(usual.high);
    }
    this.kind = kind;
  }

  /** Null: as the values say by themselves; undefined: what was typed is no range. */
  get value(): PixelRange | null | undefined {
    if (this.kind !== 'own') return fixed[this.kind];
    const [low, high] = [parseNumber(this.low), parseNumber(this.high)];
    return Number.isFinite(low) && Number.isFinite(high) && low < high ? { low, high } : undefined;
  }
}

export const sameRange = (a: PixelRange | null | undefined, b: PixelRange | null | undefined): boolean =>
  a === b || (!!a && !!b && a.low === b.low && a.high === b.high);

/** What is said of black and white, where that leaves a doubt; null where nothing does. */
export const doubtOf = (messages: readonly Message[]): Message | null =>
  messages.find(({ code }) => code.startsWith('data.scale.') && code !== 'data.scale.useless') ?? null;

/** The range that a message suggests: the one it names, or up to the brightest of dark pixels. */
export function suggestedRange({ code, values }: Message): PixelRange | null {
  if (code === 'data.scale.dark' && typeof values.high === 'number') return { low: 0, high: values.high };
  const named = typeof values.range === 'string' ? /^([^:]+):([^:]+)$/.exec(values.range) : null;
  return named ? { low: Number(named[1]), high: Number(named[2]) } : null;
}
