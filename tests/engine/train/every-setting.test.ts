/** Each setting of the table reaches every place that a setting has to reach: nothing else names them one by one. */
import { Command } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { optionsOf, settingOptions, type SettingTexts } from '../../../src/cli/setting-options';
import { augmentText, keptOptions, scheduleText, trainOptions, writtenOptions } from '../../../src/core/train/options';
import { optionsOf as filledIn, resolveSettings, type TrainOptions } from '../../../src/core/train/settings';
import { contradictingOption } from '../../../src/engine/train/resume';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { settingRows } from '../../../src/renderer/src/train/run/settings';
import { SettingsForm } from '../../../src/renderer/src/train/setup/form.svelte';
import { isUsed, toOptions, type Filled } from '../../../src/renderer/src/train/setup/settings';
import { sentence } from '../../../src/words';
import {
  choicesOf,
  isNumber,
  kebab,
  optionNames,
  settingNames,
  settingOf,
  usualNumber,
  type ChoiceName,
  type NumberSetting,
  type OptionName,
  type SettingName,
} from '../../../src/words/settings';
import { idx } from '../data/make';
import { quietTrain, scratch } from './helpers';

vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

const fields = settingNames.filter((name) => settingOf(name).kind !== 'object');

/** What makes a setting take part. */
function company(name: SettingName): Filled['choices'] {
  const { optimizers, losses, part } = settingOf(name);
  return {
    ...(optimizers && { optimizer: optimizers[0] }),
    ...(losses && losses[0] !== choicesOf('loss')[0] && { loss: losses[0] }),
    ...(part?.kind && { schedule: part.kind }),
  };
}

/** A value that is not the default. */
function another(name: SettingName, optimizer = 'adam'): number | string {
  if (!isNumber(name)) return choicesOf(name as ChoiceName)[1];
  const { whole } = settingOf(name) as NumberSetting;
  const usual = usualNumber(name, optimizer);
  return whole ? usual + 1 : usual / 2 || 0.25;
}

const filledWith = (name: SettingName): Filled => ({
  numbers: isNumber(name) ? { [name]: another(name) } : {},
  choices: { ...company(name), ...(isNumber(name) ? {} : { [name]: another(name) }) },
});

/** As the command line reads them. */
function byCommandLine(options: TrainOptions): TrainOptions {
  const command = new Command();
  for (const option of settingOptions()) command.addOption(option);
  const words = Object.entries(options).flatMap(([name, value]) => {
    const { schedule, augment } = { [name]: value } as TrainOptions;
    const text = schedule ? scheduleText(schedule) : augment ? augmentText(augment) : String(value);
    return [`--${kebab(name)}`, text];
  });
  command.parse(words, { from: 'user' });
  return optionsOf(command.opts<SettingTexts>());
}

function byForm({ numbers, choices }: Filled): TrainOptions {
  const form = new SettingsForm();
  for (const [name, word] of Object.entries(choices)) form.choose(name as ChoiceName, word);
  for (const [name, value] of Object.entries(numbers)) form.type(name as 'epochs', String(value));
  expect(form.problems).toEqual([]);
  return form.options;
}

describe.each(fields)('%s', (name) => {
  const filled = filledWith(name);
  const options = toOptions(filled);
  const without = toOptions({ numbers: {}, choices: company(name) });
  const settings = resolveSettings(options);

  it('comes the same from the form and from the command line, and changes the run', () => {
    expect(isUsed(name, filled.choices)).toBe(true);
    expect(byCommandLine(options)).toEqual(options);
    if (settingOf(name).group) expect(byForm(filled)).toEqual(options);
    expect(settings).not.toEqual(resolveSettings(without));
    if (settingOf(name).group) expect(settingRows(settings)).not.toEqual(settingRows(resolveSettings(without)));
  });

  it('crosses to the engine, and stays in files and recipes', () => {
    const json = JSON.parse(JSON.stringify(options)) as unknown;
    for (const schema of [trainOptions, keptOptions, writtenOptions]) expect(schema.read(json)).toEqual(options);
    expect(resolveSettings(filledIn(settings))).toEqual(settings);
  });

  it('is kept by a run that goes on', () => {
    const option = (settingOf(name).part?.option ?? name) as OptionName;
    const refused = (was: TrainOptions, given: TrainOptions): string => {
      const reason = contradictingOption(was, resolveSettings(was), given, resolveSettings({ ...was, ...given }));
      return reason ? sentence(reason) : '';
    };
    const other = (filledIn(resolveSettings(without)) as TrainOptions)[option];
    expect(refused(options, { [option]: other })).toContain(`${kebab(option)} `);
    expect(refused(options, { [option]: options[option] })).toBe('');
    // Only more epochs contradict nothing.
    if (name === 'epochs') expect(refused(without, options)).toBe('');
    else expect(refused(without, options)).toContain(`${kebab(option)} `);
  });
});

it('are all in run.json, and a run refuses to go on with another one', async () => {
  const folder = scratch();
  const pixels = Uint8Array.from({ length: 24 * 16 }, (_, i) => (i * 37) % 256);
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idx([24, 4, 4], pixels));
  writeFileSync(
    join(folder, 'train-labels-idx1-ubyte'),
    idx(
      [24],
      Array.from({ length: 24 }, (_, i) => i % 2),
    ),
  );
  const model = join(folder, 'net.json');
  const layers = [{ kind: 'flatten' }, { kind: 'dense', units: 2 }];
  writeFileSync(model, JSON.stringify({ input: { height: 4, width: 4, channels: 1 }, layers }));

  const choices = { ...company('momentum'), schedule: 'step' };
  // No loss reads all: what another one reads is kept all the same.
  const used = fields.filter((name) => choicesOf('loss').some((loss) => isUsed(name, { ...choices, loss })));
  const numbers = used.filter(isNumber).map((name) => [name, another(name, choices.optimizer)]);
  const words = used.filter((name) => !isNumber(name)).map((name) => [name, another(name)]);
  const options: TrainOptions = {
    ...toOptions({
      numbers: Object.fromEntries(numbers) as Filled['numbers'],
      choices: { ...(Object.fromEntries(words) as Filled['choices']), ...choices },
    }),
    epochs: 2,
  };
  expect(Object.keys(options).sort()).toEqual([...optionNames].sort());
  const out = join(folder, 'run');
  await quietTrain({ out, data: folder, model, options });
  const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord;
  expect(record.options).toEqual(options);
  expect(record.settings).toEqual(resolveSettings(options));
  const usual = filledIn(resolveSettings({})) as TrainOptions;
  for (const name of optionNames) {
    const resumed = quietTrain({ out, resume: true, options: { [name]: name === 'epochs' ? 1 : usual[name] } });
    await expect(resumed, name).rejects.toThrow(`${kebab(name)} `);
  }
});
