import { describe, expect, it, vi } from 'vitest';
import { wholeSplit } from '../../../../src/core/data/dataset';
import { splitStratified } from '../../../../src/core/data/split';
import { resolveSettings, SettingError } from '../../../../src/core/train/settings';
import { numberText, parseNumber, stepNumber } from '../../../../src/renderer/src/widgets/number';
import { Session } from '../../../../src/renderer/src/state/session.svelte';
import { SettingsForm } from '../../../../src/renderer/src/train/setup/form.svelte';
import { imbalanceOf, splitsOf } from '../../../../src/renderer/src/train/setup/splits';
import { fieldOf, sameOptions, toFilled, toOptions } from '../../../../src/renderer/src/train/setup/settings';
import { Setup } from '../../../../src/renderer/src/train/setup/setup.svelte';
import { pictureOf } from '../../../../src/renderer/src/train/setup/sheet';
import { suggestedSource } from '../../../../src/renderer/src/train/setup/suggest';
import { FailureError } from '../../../../src/shared/failures';
import type { Method, Params } from '../../../../src/shared/protocol';
import type { StartInfo } from '../../../../src/shared/inspect';
import type { TrainOptions } from '../../../../src/shared/training';
import { reasonOf, say, sentence } from '../../../../src/words';
import {
  choicesOf,
  isChoice,
  isNumber,
  settingNames,
  settings,
  type NumberSetting,
  type NumberName,
} from '../../../../src/words/settings';
import { FakeClient } from '../../fake-client';
import {
  colors,
  digits,
  fakeData,
  fakeNetwork,
  fakeRecipes,
  fakeSurvey,
  photos,
  shapes,
  single,
} from '../../fake-data';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}

async function begin(answers: FakeClient['training'] = {}): Promise<{ client: FakeClient; setup: Setup }> {
  const client: FakeClient = new FakeClient('lenet', {}, { ...fakeData(() => client), ...answers });
  const session = new Session(client);
  await session.begin();
  const setup = new Setup(session);
  await setup.load();
  await settled(setup);
  return { client, setup };
}
async function settled(setup: Setup): Promise<void> {
  for (let i = 0; i < 100 && setup.survey?.running; i++) await new Promise((resolve) => setTimeout(resolve, 2));
}
const sent = <M extends Method>(client: FakeClient, method: M): Params<M>[] =>
  client.calls.filter((call) => call.method === method).map(({ params }) => params as Params<M>);
const recipe = (id: string) => fakeRecipes.find((each) => each.id === id)!;

describe('the form of the settings', () => {
  it('has the ranges of the engine', () => {
    const option = (name: NumberName, value: number): TrainOptions => {
      const { numbers, choices: words } = { numbers: { [name]: value }, choices: {} as Record<string, string> };
      if (name === 'momentum') words.optimizer = 'momentum';
      if (name === 'every' || name === 'stepFactor') words.schedule = 'step';
      if (name === 'exponentialFactor') words.schedule = 'exponential';
      if (name === 'final') words.schedule = 'cosine';
      return toOptions({ numbers, choices: words });
    };
    const takes = (options: TrainOptions): boolean => {
      try {
        resolveSettings(options);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(SettingError);
        return false;
      }
    };
    for (const name of settingNames.filter(isNumber)) {
      const { from, to, whole }: NumberSetting = settings[name];
      const off = whole ? 1 : Math.max(to, 1) * 1e-6;
      for (const value of [from, to, from - off, to + off, from + off, to - off, ...(whole ? [from + 0.5] : [])]) {
        const form = new SettingsForm();
        form.fill(option(name, 0.5));
        form.type(name, String(value));
        expect(form.problem(name) === null, `${name} ${value}`).toBe(takes(option(name, value)));
      }
    }
  });

  it('offers what the engine knows, and begins with its defaults', () => {
    for (const name of settingNames.filter(isChoice))
      for (const word of choicesOf(name))
        expect(() => resolveSettings(toOptions({ numbers: {}, choices: { [name]: word } }))).not.toThrow();
    const form = new SettingsForm();
    expect(form.options).toEqual({});
    const usual = resolveSettings({});
    for (const name of ['epochs', 'batch', 'warmup', 'patience', 'validation', 'seed'] as const)
      expect(form.value(name)).toBe(usual[name]);
    for (const optimizer of choicesOf('optimizer')) {
      form.choose('optimizer', optimizer);
      expect(form.value('lr'), optimizer).toBe(resolveSettings({ optimizer }).learningRate);
    }
    expect(form.value('momentum')).toBe(usual.optimizer.momentum);
  });

  it('keeps what is no number, says so, and has no number for it', () => {
    const form = new SettingsForm();
    form.type('epochs', 'many');
    expect(form.text('epochs')).toBe('many');
    expect(form.problem('epochs')).toEqual({ key: 'rangeWhole', from: 1, to: 100_000 });
    expect(form.problems).toEqual(['epochs']);
    form.type('epochs', '');
    expect(form.problem('epochs')).toBeNull();
    expect(form.value('epochs')).toBe(10);
    form.type('lr', '0,05');
    expect(form.options).toEqual({ lr: 0.05 });
  });

  it('minds only what takes part', () => {
    const form = new SettingsForm();
    form.choose('optimizer', 'momentum');
    form.type('momentum', '7');
    expect(form.problems).toEqual(['momentum']);
    form.choose('optimizer', 'sgd');
    expect(form.problems).toEqual([]);
    expect(form.options).toEqual({ optimizer: 'sgd' });
  });

  it('takes options apart and puts them together again', () => {
    const options: TrainOptions = {
      epochs: 3,
      lr: 0.05,
      optimizer: 'nesterov',
      momentum: 0.8,
      schedule: { kind: 'step', every: 7, factor: 0.25 },
      augment: { shift: 2, rotate: 10, flip: 'both' },
      expand: 'shifts',
      validation: 0.2,
      logEvery: 5,
    };
    expect(toOptions(toFilled(options))).toEqual(options);
    const form = new SettingsForm();
    form.fill(options);
    expect(resolveSettings(form.options)).toEqual(resolveSettings(options));
  });

  it('knows when options say the same', () => {
    expect(sameOptions({}, { epochs: 10, optimizer: 'adam', lr: 0.001, augment: {} })).toBe(true);
    expect(sameOptions({ optimizer: 'sgd' }, { optimizer: 'sgd', lr: 0.001 })).toBe(false);
    expect(sameOptions({ schedule: { kind: 'step' } }, { schedule: { kind: 'step', every: 5 } })).toBe(true);
  });

  it('finds the field that an error of the engine names', () => {
    const cases: [TrainOptions, string][] = [
      [{ weightDecay: -1 }, 'weightDecay'],
      [{ lr: 0 }, 'lr'],
      [{ schedule: { kind: 'step', every: 0 } }, 'every'],
      [{ schedule: { kind: 'exponential', factor: 2 } }, 'exponentialFactor'],
      [{ schedule: { kind: 'sometimes' } }, 'schedule'],
      [{ augment: { rotate: 400 } }, 'rotate'],
      [{ augment: { melt: 1 } as TrainOptions['augment'] }, 'shift'],
      [{ initializer: 'luck' }, 'initializer'],
    ];
    for (const [options, field] of cases) {
      const reason = reasonOf(thrownBy(() => resolveSettings(options)));
      expect(fieldOf(reason), sentence(reason)).toBe(field);
    }
    expect(fieldOf(say('system.ENOSPC'))).toBeNull();
    // A setting without a field, and one that only looks like a setting.
    expect(fieldOf(reasonOf(thrownBy(() => resolveSettings({ logEvery: -1 }))))).toBeNull();
    expect(fieldOf(say('train.setting', { setting: 'lr', found: 0, expected: 1 }))).toBeNull();
  });
});

describe('numbers as they are typed', () => {
  it('reads a comma and a proper minus, and nothing else', () => {
    expect(parseNumber('0,5')).toBe(0.5);
    expect(parseNumber('−3')).toBe(-3);
    expect(parseNumber('1 000')).toBeNaN();
    expect(parseNumber(' ')).toBeNaN();
  });
  it('steps along the grid or along the decades', () => {
    expect(stepNumber(50, 1, 16)).toBe(64);
    expect(stepNumber(64, -1, 16, { min: 1 })).toBe(48);
    expect(stepNumber(16, -1, 16, { min: 1 })).toBe(1);
    expect(stepNumber(0.85, 1, 0.05)).toBe(0.9);
    expect(stepNumber(0.001, 1, 'decades')).toBe(0.002);
    expect(stepNumber(0.001, -1, 'decades')).toBe(0.0005);
    expect(stepNumber(0.03, -1, 'decades')).toBe(0.02);
    expect(numberText(0.1 + 0.2)).toBe('0.3');
    expect(numberText(5e-8)).toBe('0.00000005');
  });
});

describe('the setup of a run', () => {
  it('goes on in the window that takes the place of one whose process died', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    const before = await begin();
    before.setup.remember();
    before.setup.chooseRecipe(recipe('mnist-dense'));
    before.setup.chooseData(shapes);
    before.setup.chooseFit('stretch');
    before.setup.twinToo = true;
    before.setup.title = 'Mine';
    before.setup.form.type('epochs', '7,5');
    before.setup.range.choose('own', { low: -1, high: 1 });
    before.setup.remember();

    const client: FakeClient = new FakeClient(
      'lenet',
      {},
      fakeData(() => client),
    );
    const session = new Session(client);
    await session.begin();
    const { info } = session;
    const setup = new Setup(session);
    setup.remember(); // before anything is known, nothing is written over
    session.info = { ...info!, reopened: {} as NonNullable<StartInfo['reopened']> };
    await setup.load();
    await settled(setup);
    vi.unstubAllGlobals();
    const parts = ({ data, fit, recipe, source, variant, twinToo, title, form, range, runCount }: Setup) => [
      data?.id,
      fit,
      recipe?.id,
      source,
      variant,
      twinToo,
      title,
      form.typed,
      range.value,
      runCount,
    ];
    expect(parts(setup)).toEqual(parts(before.setup));
    expect(setup.survey?.request).toMatchObject({ data: shapes.id, fit: 'stretch', range: { low: -1, high: 1 } });
  });

  it('begins with colored shapes, read at the size of a network made for them', async () => {
    const { client, setup } = await begin();
    expect(setup.data).toEqual(colors);
    expect(setup.source).toEqual({ kind: 'bundled', id: 'colors-cnn' });
    expect(setup.survey?.result?.labels).toHaveLength(6);
    expect(sent(client, 'survey')).toHaveLength(1);
    expect(setup.obstacle).toBeNull();
  });

  it('goes with the data to a network that suits it, until somebody chooses one', async () => {
    const { setup } = await begin();
    setup.chooseData(shapes);
    expect(setup.source.id).toBe('shapes-cnn');
    setup.chooseSource({ kind: 'bundled', id: 'lenet' });
    setup.chooseData(colors);
    expect(setup.source.id).toBe('lenet');
    expect(suggestedSource(digits, []).id).toBe('lenet5-mnist');
  });

  it('shows at once what was read before', async () => {
    const { client, setup } = await begin();
    setup.chooseData(shapes);
    await settled(setup);
    setup.chooseData(colors);
    expect(setup.survey?.result?.data).toBe('builtin:colors');
    expect(sent(client, 'survey')).toHaveLength(2);
  });

  it('calls off what is being read when other data is chosen', async () => {
    const { client, setup } = await begin();
    setup.chooseData(photos);
    const left = setup.survey!;
    setup.chooseData(shapes);
    expect(sent(client, 'cancel')).toHaveLength(1);
    await settled(setup);
    expect(left.result).toBeNull();
    expect(setup.survey?.result?.data).toBe('builtin:shapes');
  });

  it('says why data cannot be learnt from, and keeps the rest usable', async () => {
    const { setup } = await begin();
    setup.chooseData(single);
    await settled(setup);
    expect(setup.survey?.failure?.message).toContain('single class');
    expect(setup.obstacle).toBe('survey');
    setup.chooseData(colors);
    expect(setup.obstacle).toBeNull();
  });

  it('fills in network, settings and data of a recipe', async () => {
    const { setup } = await begin();
    setup.chooseRecipe(recipe('mnist-dense'));
    await settled(setup);
    expect(setup.data).toEqual(digits);
    expect(setup.source).toEqual({ kind: 'recipe', id: 'mnist-dense' });
    expect(setup.inputShape).toEqual([1, 28, 28]);
    expect(setup.form.options).toEqual(recipe('mnist-dense').options);
    expect(setup.recipeChanged).toBe(false);
    const [request] = setup.requests(() => 'x');
    expect(request.recipe).toBe('mnist-dense');
    setup.form.type('epochs', '2');
    expect(setup.recipeChanged).toBe(true);
    expect(setup.requests(() => 'x')[0].recipe).toBeUndefined();
    setup.resetSettings();
    expect(setup.recipeChanged).toBe(false);
  });

  it('asks for data where a recipe needs some that nobody has named', async () => {
    const { setup } = await begin({ dataSets: () => [colors, shapes] });
    setup.chooseRecipe(recipe('mnist-dense'));
    expect(setup.data).toBeNull();
    expect(setup.obstacle).toBe('data');
    setup.chooseData(digits);
    await settled(setup);
    expect(setup.source).toEqual({ kind: 'recipe', id: 'mnist-dense' });
  });

  it('begins as many runs as vote, seeds apart', async () => {
    const { setup } = await begin();
    setup.chooseRecipe(recipe('mnist-voting'));
    await settled(setup);
    const requests = setup.requests((_, member) => `${member?.number}/${member?.of}`);
    expect(requests.map(({ title }) => title)).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
    expect(requests.map(({ options }) => options.seed)).toEqual([3, 4, 5, 6, 7]);
    expect(requests.every((each) => each.recipe === 'mnist-voting')).toBe(true);
  });

  it('begins a network and its twin with the same data, settings and seed', async () => {
    const { client, setup } = await begin();
    setup.twinToo = true;
    setup.form.type('epochs', '3');
    const begun = await setup.start(({ variant }) => variant);
    expect(begun.map(({ state }) => state)).toEqual(['reading', 'queued']);
    const [itself, twin] = sent(client, 'startRun');
    expect(itself).toMatchObject({ title: 'itself', data: 'builtin:colors', options: { epochs: 3 } });
    expect(twin).toEqual({ ...itself, title: 'twin', network: { ...itself.network, variant: 'twin' } });
  });

  it('trains no twin of a twin', async () => {
    const { setup } = await begin();
    setup.twinToo = true;
    setup.chooseVariant('twin');
    expect(setup.requests(() => '').map(({ network }) => network.variant)).toEqual(['twin']);
  });

  it('begins nothing while a setting is out of its range', async () => {
    const { client, setup } = await begin();
    setup.form.type('batch', '0');
    expect(setup.obstacle).toBe('settings');
    expect(await setup.start(() => '')).toEqual([]);
    expect(sent(client, 'startRun')).toEqual([]);
  });

  it('shows what the engine refuses at the field that it names, until that is changed', async () => {
    const { client, setup } = await begin();
    const reason = reasonOf(thrownBy(() => resolveSettings({ warmup: -1 })));
    client.failing.startRun = new FailureError('train.invalid', { reason });
    await setup.start(() => '');
    expect(setup.form.problem('warmup')).toEqual(reason);
    expect(setup.form.more).toBe(true);
    expect(setup.startFailure).toBeNull();
    setup.form.type('warmup', '1');
    expect(setup.form.problem('warmup')).toBeNull();
    client.failing.startRun = new FailureError('train.invalid', { reason: say('system.ENOSPC') });
    await setup.start(() => '');
    expect(setup.startFailure?.message).toBe('no space left on device');
  });

  it('trains no twin of a network that is dense itself', async () => {
    const dense = fakeNetwork({ source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'twin' }, 6);
    const { setup } = await begin({
      describeNetwork: ({ network, classes }) =>
        network.source.kind === 'recipe' ? dense : fakeNetwork(network, classes),
    });
    setup.twinToo = true;
    const known = async (): Promise<[boolean, number]> => {
      void setup.hasTwin; // asks
      await new Promise((resolve) => setTimeout(resolve));
      return [setup.hasTwin, setup.runCount];
    };
    setup.chooseSource({ kind: 'bundled', id: 'colors-cnn' });
    expect(await known()).toEqual([true, 2]);
    setup.chooseSource({ kind: 'recipe', id: 'colors-dnn' });
    expect(await known()).toEqual([false, 1]);
  });

  it('forgets a data set, the chosen one too', async () => {
    const { setup } = await begin();
    setup.chooseData(photos);
    await setup.forget(photos);
    expect(setup.data).toBeNull();
    expect(setup.known?.map(({ id }) => id)).not.toContain(photos.id);
    expect(setup.obstacle).toBe('data');
  });

  describe('which pixel values are black and white', () => {
    /** A survey as the engine answers for arrays of 0 and 1, refused where no range is known. */
    const asking = (refuses: boolean) => ({
      survey: ({ data, range }: Params<'survey'>) => {
        const names = ["'x_train'"];
        if (data !== digits.id) return fakeSurvey(data, 3, 28);
        if (range) return { ...fakeSurvey(data, 1, 28), warnings: [say('data.scale.asked', { names, ...range })] };
        if (!refuses) return { ...fakeSurvey(data, 1, 28), warnings: [say('data.scale.dark', { names, high: 15 })] };
        const facts = { name: 'x_train', low: 0, high: 4000, range: '0:4095' };
        throw new FailureError('data.invalid', { file: 'set.npz', reason: say('data.scale.other', facts) });
      },
    });

    it('is asked only where the data leaves a doubt, read anew, and carried by the run', async () => {
      const { client, setup } = await begin(asking(false));
      expect(setup.asksRange).toBe(false);
      setup.chooseData(digits);
      await settled(setup);
      expect(setup.asksRange).toBe(true);
      expect(setup.requests(() => 'x')[0]).not.toHaveProperty('range');

      setup.chooseRange('bytes');
      expect(setup.asksRange).toBe(true); // no control goes away while it is used
      await settled(setup);
      expect(sent(client, 'survey').at(-1)).toMatchObject({ data: digits.id, range: { low: 0, high: 255 } });
      await setup.start(() => 'x');
      expect(sent(client, 'startRun')[0]).toMatchObject({ data: digits.id, range: { low: 0, high: 255 } });

      setup.chooseRange('own');
      await settled(setup);
      const asked = sent(client, 'survey').length;
      setup.range.high = '1';
      setup.range.low = '2';
      expect(setup.obstacle).toBe('range');
      setup.readRange();
      setup.chooseFit('stretch');
      await settled(setup);
      // What is no range is never sent; the last one holds.
      expect(sent(client, 'survey')).toHaveLength(asked + 1);
      expect(sent(client, 'survey').at(-1)).toMatchObject({ range: { low: 0, high: 255 } });
      setup.range.low = '-1';
      expect(setup.obstacle).toBe('range');
      setup.readRange();
      await settled(setup);
      expect(setup.obstacle).toBeNull();
      expect(setup.requests(() => 'x')[0].range).toEqual({ low: -1, high: 1 });
    });

    it('begins with what the engine suggests, and ends with the data', async () => {
      const { setup } = await begin(asking(true));
      setup.chooseData(digits);
      await settled(setup);
      expect(setup.survey?.failure).not.toBeNull();
      expect(setup.asksRange).toBe(true);
      setup.chooseRange('own');
      await settled(setup);
      expect([setup.range.low, setup.range.high]).toEqual(['0', '4095']);
      expect(setup.obstacle).toBeNull();
      setup.chooseData(shapes);
      await settled(setup);
      expect(setup.asksRange).toBe(false);
      expect(setup.requests(() => 'x')[0]).not.toHaveProperty('range');
      setup.chooseData(digits);
      await settled(setup);
      expect([setup.range.kind, setup.asksRange]).toEqual(['read', true]);
    });
  });
});

describe('what the data comes to', () => {
  it('takes a validation split where there is none', () => {
    const survey = fakeSurvey('builtin:colors', 3, 28);
    expect(splitsOf(survey, 0.1)).toEqual({ train: 4860, validation: 540, test: 600, all: 6000, split: 'taken' });
    expect(splitsOf(survey, 0)).toMatchObject({ train: 5400, validation: 0, split: 'none' });
    expect(splitsOf(fakeSurvey('d2', 1, 28), 0.1)).toMatchObject({ train: 50_000, validation: 10_000, split: 'given' });
  });
  it('takes as many as the training will: at least one of each class', () => {
    const small = {
      ...fakeSurvey('builtin:colors', 3, 28),
      counts: { train: [4, 4, 4, 1], validation: null, test: null },
    };
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3);
    const pixels = Uint8Array.from(labels, (_, i) => i);
    const pictures = { count: 13, height: 1, width: 1, channels: 1, pixels, labels };
    const { rest, share } = splitStratified(wholeSplit(pictures), 4, 0.1, 1);
    expect(splitsOf(small, 0.1)).toMatchObject({ train: rest.samples.length, validation: share?.samples.length });
    expect(share?.samples.length).toBe(3);
  });
  it('tells classes of more than ten to one', () => {
    expect(imbalanceOf(fakeSurvey('d1', 3, 28))).toEqual({
      most: { label: '猫', count: 1204 },
      least: { label: 'horses with a very long name that goes on and on', count: 61 },
    });
    expect(imbalanceOf(fakeSurvey('d2', 1, 28))).toBeNull();
  });
  it('paints gray and colored samples', () => {
    const sheet = { height: 1, width: 2, labels: new Int32Array([0, 1]) };
    expect([...pictureOf({ ...sheet, channels: 1, pixels: new Uint8Array([1, 2, 3, 4]) }, 1).rgba]).toEqual([
      3, 3, 3, 255, 4, 4, 4, 255,
    ]);
    const rgb = { ...sheet, channels: 3, pixels: Uint8Array.from({ length: 12 }, (_, i) => i) };
    expect([...pictureOf(rgb, 1).rgba]).toEqual([6, 7, 8, 255, 9, 10, 11, 255]);
  });
});
