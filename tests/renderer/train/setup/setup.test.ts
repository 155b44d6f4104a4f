import { describe, expect, it, vi } from 'vitest';
import { resolveSettings } from '../../../../src/core/train/settings';
import { Session } from '../../../../src/renderer/src/state/session.svelte';
import { Setup } from '../../../../src/renderer/src/train/setup/setup.svelte';
import { suggestedSource } from '../../../../src/renderer/src/train/setup/suggest';
import { FailureError } from '../../../../src/shared/failures';
import type { Method, Params } from '../../../../src/shared/protocol';
import type { StartInfo } from '../../../../src/shared/inspect';
import { reasonOf, say } from '../../../../src/words';
import { thrownBy } from '../../../thrown-by';
import { FakeClient } from '../../fake-client';
import {
  colors,
  digits,
  fakeData,
  fakeNetwork,
  fakeProposal,
  fakeRecipes,
  fakeSurvey,
  photos,
  shapes,
  single,
} from '../../fake-data';

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

    const another = async (first: (setup: Setup) => Promise<void> | void): Promise<Setup> => {
      const client: FakeClient = new FakeClient(
        'lenet',
        {},
        fakeData(() => client),
      );
      Object.assign(client, { folders: { dropped: () => Promise.resolve(colors) } });
      const session = new Session(client);
      await session.begin();
      session.info = { ...session.info!, reopened: {} as NonNullable<StartInfo['reopened']> };
      const setup = new Setup(session);
      await first(setup);
      setup.remember(); // before anything is known, nothing is written over
      await setup.load();
      await settled(setup);
      return setup;
    };
    const setup = await another(() => undefined);
    // Dropped elsewhere before the setup is looked at: that data, and all else as it was.
    const withDrop = await another((next) => next.list.takeDropped(new File([], 'colors')));
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
    expect(withDrop.data).toMatchObject({ id: colors.id });
    expect([withDrop.fit, withDrop.title, withDrop.form.typed]).toEqual(['stretch', 'Mine', before.setup.form.typed]);
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
    expect(suggestedSource(digits)?.id).toBe('lenet5-mnist');
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

  it('takes what the engine proposes for the data, and keeps what was typed or chosen by hand', async () => {
    const { client, setup } = await begin();
    setup.chooseData(photos);
    await settled(setup);
    expect(sent(client, 'survey').at(-1)).toMatchObject({ data: photos.id, network: null });
    expect(setup.source).toEqual(fakeProposal.network.source);
    expect(setup.input).toEqual(fakeProposal.network.input);
    expect(setup.form.options).toEqual(fakeProposal.options);
    expect(setup.requests(() => 'x')[0]).toMatchObject({
      network: fakeProposal.network,
      options: fakeProposal.options,
    });
    expect([setup.settingsChanged, setup.proposalChanged]).toEqual([false, false]);
    setup.chooseData(colors);
    expect([setup.input, setup.form.options]).toEqual([null, {}]);
    setup.form.type('epochs', '3');
    setup.chooseData(photos);
    await settled(setup);
    expect(setup.form.options).toEqual({ epochs: 3 });
    expect(setup.proposalChanged).toBe(true);
    setup.resetSettings();
    expect(setup.form.options).toEqual(fakeProposal.options);
    setup.chooseInput({ side: 96, channels: 1 });
    await settled(setup);
    expect(setup.inputShape).toEqual([1, 96, 96]);
    expect(sent(client, 'survey').at(-1)?.network?.input).toEqual({ side: 96, channels: 1 });
    setup.takeProposal();
    await settled(setup);
    expect(setup.input).toEqual(fakeProposal.network.input);
  });

  it('takes back what a recipe set when it is left', async () => {
    const { setup } = await begin();
    setup.chooseData(photos);
    await settled(setup);
    const { source, input } = setup;
    setup.form.type('batch', '5');
    setup.chooseRecipe(recipe('mnist-dense'));
    setup.chooseRecipe(recipe('mnist-voting'));
    expect(setup.data).toEqual(digits);
    setup.chooseRecipe(null);
    await settled(setup);
    expect([setup.data, setup.source, setup.input]).toEqual([photos, source, input]);
    expect(setup.form.value('batch')).toBe(5);
    // Data that was chosen since stays, with what fits it.
    setup.chooseRecipe(recipe('mnist-dense'));
    setup.chooseData(shapes);
    setup.chooseRecipe(null);
    expect([setup.data, setup.source.id]).toEqual([shapes, 'shapes-cnn']);
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

  it('begins a network without an idea and, to compare, the whole one', async () => {
    const { setup } = await begin();
    setup.chooseSource({ kind: 'bundled', id: 'resnet20' });
    setup.switchIdea('skip', true);
    const networks = () => setup.requests(() => '').map(({ network }) => network);
    const whole = { source: { kind: 'bundled', id: 'resnet20' }, variant: 'itself' };
    expect(networks()).toEqual([{ ...whole, without: ['skip'] }, whole]);
    expect(setup.runCount).toBe(2);
    setup.wholeToo = false;
    expect(networks()).toEqual([{ ...whole, without: ['skip'] }]);
    setup.wholeToo = true;
    setup.switchIdea('skip', false);
    expect(networks()).toEqual([whole]);
    setup.switchIdea('skip', true);
    setup.chooseSource({ kind: 'bundled', id: 'colors-cnn' });
    expect(networks()).toMatchObject([{ source: { id: 'colors-cnn' } }]);
    expect(setup.without).toEqual([]);
  });

  it('begins all networks that a recipe compares, with its settings and one seed, until another network is chosen', async () => {
    const { setup } = await begin();
    setup.chooseData(photos);
    setup.chooseRecipe(recipe('cifar10-depth'));
    await settled(setup);
    setup.form.type('epochs', '2');
    const requests = setup.requests(({ source }) => source.id);
    expect(requests.map(({ title }) => title)).toEqual(['plain20', 'resnet20']);
    expect(setup.runCount).toBe(2);
    expect(new Set(requests.map(({ options }) => JSON.stringify(options))).size).toBe(1);
    expect(requests[0].options.epochs).toBe(2);
    setup.chooseSource({ kind: 'bundled', id: 'colors-cnn' });
    expect(setup.requests(({ source }) => source.id).map(({ title }) => title)).toEqual(['colors-cnn']);
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
    await setup.list.forget(photos);
    expect(setup.data).toBeNull();
    expect(setup.list.known?.map(({ id }) => id)).not.toContain(photos.id);
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
