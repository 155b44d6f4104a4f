import { MessageError, say, type Message, type Value } from '../../words';
import {
  choicesOf,
  isNumber,
  settings,
  type Choice,
  type ChoiceName,
  type ChoiceSetting,
  type NumberName,
  type NumberSetting,
  type SettingName,
} from '../../words/settings';

/** The allowed values of a setting. `open` names the end of the range that is excluded. */
export type Expected =
  | { kind: 'range'; from: number; to: number; whole: boolean; open: 'above' | 'below' | null }
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'number' }
  /** Words as `name=value`, no name twice. */
  | { kind: 'pairs' };

/** An invalid setting: which one, what was found and what was expected. */
export class SettingError extends MessageError {
  override name = 'SettingError';
  constructor(
    readonly setting: SettingName,
    readonly found: string | number,
    readonly expected: Expected,
  ) {
    super(
      say('train.setting', {
        setting: say(`setting.${setting}`),
        found: foundWords(found),
        expected: expectedWords(expected),
      }),
    );
  }
}

/** What was found, as a text: NaN and infinity do not survive JSON. A recipe or a request may hold anything. */
function foundWords(found: unknown): Value {
  if (typeof found === 'string') return say('train.named', { name: found });
  if (found === undefined || found === null) return say('spec.nothing');
  return typeof found === 'object' ? JSON.stringify(found).slice(0, 100) : String(found);
}

function expectedWords(expected: Expected): Message {
  switch (expected.kind) {
    case 'range': {
      const { from, to, whole, open } = expected;
      if (whole) return say('train.range.whole', { from, to });
      return say(open ? `train.range.${open}` : 'train.range', { from, to });
    }
    case 'choices':
      return expected.choices.length > 0
        ? say('train.choices', { choices: expected.choices })
        : say('train.choices.none');
    case 'number':
      return say('train.number');
    case 'pairs':
      return say('train.pairs');
  }
}

/** The allowed values of a setting, from the table. */
function expectedOf(name: NumberName | ChoiceName): Expected {
  if (!isNumber(name)) return { kind: 'choices', choices: choicesOf(name) };
  const { from, to, whole, open }: NumberSetting = settings[name];
  return { kind: 'range', from, to, whole: whole ?? false, open: open ?? null };
}
export const expectedText = (name: NumberName | ChoiceName): Message => expectedWords(expectedOf(name));

/** @throws SettingError for a number out of the setting's range. */
export function checkedNumber(name: NumberName, found: number): number {
  const { from, to, whole, open }: NumberSetting = settings[name];
  const outside = open === 'above' ? found <= from : open === 'below' ? found >= to : false;
  const holds = whole ? Number.isInteger(found) : Number.isFinite(found);
  if (!holds || found < from || found > to || outside) throw new SettingError(name, found, expectedOf(name));
  return found;
}

/** @throws SettingError for anything but the setting's choices and their other names. */
export function checkedChoice<N extends ChoiceName>(name: N, found: string): Choice<N> {
  const { also = {} }: ChoiceSetting = settings[name];
  const choice = Object.hasOwn(also, found) ? also[found] : found;
  if (!choicesOf<ChoiceName>(name).some((each) => each === choice))
    throw new SettingError(name, found, expectedOf(name));
  return choice as Choice<N>;
}
