import type { TrainOptions } from '../../../../shared/training';
import type { Message } from '../../../../words';
import { numberText, parseNumber } from '../../widgets/number';
import {
  choices,
  essential,
  isUsed,
  numberRules,
  sameOptions,
  toFilled,
  toOptions,
  usualOf,
  type Choice,
  type ChoiceName,
  type Filled,
  type NumberName,
  type SettingName,
} from './settings';

/** What is wrong with a field: a key of the catalogue with its range, or the engine's message. */
export type Problem = { key: 'range' | 'rangeAbove' | 'rangeBelow' | 'rangeWhole'; from: number; to: number } | Message;

/** The settings as they are typed. A field that nobody touched, or that is empty, follows its default. */
export class SettingsForm {
  #texts = $state<Partial<Record<NumberName, string>>>({});
  #words = $state<Partial<Record<ChoiceName, string>>>({});
  #rest = $state.raw<TrainOptions>({});
  /** What the engine refused, until that field is changed. */
  #refused = $state.raw<{ name: SettingName; reason: Message } | null>(null);
  /** Whether the rarer settings are shown. */
  more = $state(false);

  text(name: NumberName): string {
    return this.#texts[name] ?? numberText(this.usual(name));
  }

  choice<N extends ChoiceName>(name: N): Choice<N> {
    return (this.#words[name] ?? choices[name][0]) as Choice<N>;
  }

  /** The default, as the other settings have it now. */
  usual(name: NumberName): number {
    return usualOf(name, this.#words);
  }

  /** The number that counts: NaN where the text is none. */
  value(name: NumberName): number {
    const text = this.#texts[name];
    return text === undefined || text.trim() === '' ? this.usual(name) : parseNumber(text);
  }

  type(name: NumberName, text: string): void {
    this.#texts[name] = text;
    this.#mended(name);
  }

  choose(name: ChoiceName, word: string): void {
    this.#words[name] = word;
    this.#mended(name);
  }

  #mended(name: SettingName): void {
    if (this.#refused?.name === name) this.#refused = null;
  }

  uses(name: SettingName): boolean {
    return isUsed(name, this.#words);
  }

  problem(name: SettingName): Problem | null {
    if (!this.uses(name)) return null;
    if (this.#refused?.name === name) return this.#refused.reason;
    if (!(name in numberRules)) return null;
    const { min, max, whole, open } = numberRules[name as NumberName];
    const value = this.value(name as NumberName);
    const outside = open === 'above' ? value <= min : open === 'below' ? value >= max : false;
    if (Number.isFinite(value) && value >= min && value <= max && !outside && (!whole || Number.isInteger(value)))
      return null;
    const key = whole ? 'rangeWhole' : open === 'above' ? 'rangeAbove' : open === 'below' ? 'rangeBelow' : 'range';
    return { key, from: min, to: max };
  }

  readonly problems = $derived(
    [...Object.keys(numberRules), ...Object.keys(choices)].filter((name) => this.problem(name as SettingName) !== null),
  );

  /** Shows what the engine said at the field that it names. */
  refuse(name: SettingName, reason: Message): void {
    this.#refused = { name, reason };
    if (!visible.includes(name)) this.more = true;
  }

  /** What differs from the defaults, for the engine. */
  get options(): TrainOptions {
    return toOptions(this.#filled());
  }

  #filled(): Filled {
    const names = Object.keys(this.#texts) as NumberName[];
    const numbers = Object.fromEntries(names.map((name) => [name, this.value(name)]));
    return essential({ numbers, choices: this.#words, rest: this.#rest });
  }

  /** Every field as these options have it; the others at their defaults. */
  fill(options: TrainOptions): void {
    const { numbers, choices: words, rest } = toFilled(options);
    this.#texts = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, numberText(value)]));
    this.#words = words;
    this.#rest = rest;
    this.#refused = null;
  }

  equals(options: TrainOptions): boolean {
    return sameOptions(this.options, options);
  }

  /** Whether something among the rarer settings differs from its default, so that it is said while they are folded. */
  readonly hiddenChanges = $derived.by(() => {
    const { numbers, choices: words } = this.#filled();
    return [...Object.keys(numbers), ...Object.keys(words)].filter((name) => !visible.includes(name)).length;
  });
}

/** The settings that matter most, always to be seen. */
export const visible: readonly string[] = ['epochs', 'batch', 'optimizer', 'lr'];
