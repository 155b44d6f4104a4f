import type { TrainOptions } from '../../../../shared/runs';
import type { Message } from '../../../../words';
import { numberText, parseNumber } from '../../widgets/number';
import {
  choicesOf,
  isNumber,
  settingNames,
  settingOf,
  settings,
  type Choice,
  type ChoiceName,
  type NumberName,
  type NumberSetting,
  type SettingName,
} from '../../../../words/settings';
import { essential, isUsed, sameOptions, toFilled, toOptions, usualOf, type Filled } from './settings';

/** What is wrong with a field: a key of the catalog with its range, or the engine's message. */
export type Problem = { key: 'range' | 'rangeAbove' | 'rangeBelow' | 'rangeWhole'; from: number; to: number } | Message;

/** The form's texts and choices, as a window remembers them. */
export interface TypedSettings {
  texts: Partial<Record<NumberName, string>>;
  words: Partial<Record<ChoiceName, string>>;
  more: boolean;
}

/** The settings as they are typed. An untouched or empty field has its default. */
export class SettingsForm {
  #texts = $state<Partial<Record<NumberName, string>>>({});
  #words = $state<Partial<Record<ChoiceName, string>>>({});
  /** What the engine refused, until that field is changed. */
  #refused = $state.raw<{ name: SettingName; reason: Message } | null>(null);
  /** Whether the rarer settings are shown. */
  more = $state(false);

  text(name: NumberName): string {
    return this.#texts[name] ?? numberText(this.usual(name));
  }

  choice<N extends ChoiceName>(name: N): Choice<N> {
    return (this.#words[name] ?? choicesOf(name)[0]) as Choice<N>;
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
    if (!isNumber(name)) return null;
    const { from, to, whole, open }: NumberSetting = settings[name];
    const value = this.value(name);
    const outside = open === 'above' ? value <= from : open === 'below' ? value >= to : false;
    if (Number.isFinite(value) && value >= from && value <= to && !outside && (!whole || Number.isInteger(value)))
      return null;
    const key = whole ? 'rangeWhole' : open === 'above' ? 'rangeAbove' : open === 'below' ? 'rangeBelow' : 'range';
    return { key, from, to };
  }

  readonly problems = $derived(settingNames.filter((name) => this.problem(name) !== null));

  /** Shows what the engine said at the field that it names. */
  refuse(name: SettingName, reason: Message): void {
    this.#refused = { name, reason };
    if (!isMain(name)) this.more = true;
  }

  /** What differs from the defaults, for the engine. */
  get options(): TrainOptions {
    return toOptions(this.#filled());
  }

  #filled(): Filled {
    const names = Object.keys(this.#texts) as NumberName[];
    const numbers = Object.fromEntries(names.map((name) => [name, this.value(name)]));
    return essential({ numbers, choices: this.#words });
  }

  /** Every field as these options have it; the others at their defaults. */
  fill(options: TrainOptions): void {
    const { numbers, choices: words } = toFilled(options);
    this.#texts = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, numberText(value)]));
    this.#words = words;
    this.#refused = null;
  }

  get typed(): TypedSettings {
    return { texts: { ...this.#texts }, words: { ...this.#words }, more: this.more };
  }

  set typed({ texts, words, more }: TypedSettings) {
    this.#texts = texts;
    this.#words = words;
    this.more = more;
    this.#refused = null;
  }

  equals(options: TrainOptions): boolean {
    return sameOptions(this.options, options);
  }

  /** Whether something among the rarer settings differs from its default, so that it is said while they are folded. */
  readonly hiddenChanges = $derived.by(() => {
    const { numbers, choices: words } = this.#filled();
    const names = Object.keys({ ...numbers, ...words }) as SettingName[];
    return names.filter((name) => settingOf(name).group && !isMain(name)).length;
  });
}

/** The settings that matter most are always to be seen. */
const isMain = (name: SettingName): boolean => settingOf(name).group === 'main';
