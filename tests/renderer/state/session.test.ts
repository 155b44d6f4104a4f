import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../src/shared/failures';
import { Session } from '../../../src/renderer/src/state/session.svelte';
import type { Method } from '../../../src/shared/protocol';
import { messageOf, say } from '../../../src/words';
import { FakeClient } from '../fake-client';

async function begin(client = new FakeClient()): Promise<{ client: FakeClient; session: Session }> {
  const session = new Session(client);
  await session.begin();
  return { client, session };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const picture = (name: string, size = 500) => ({ kind: 'bytes' as const, name, bytes: new Uint8Array(size) });

describe('a session', () => {
  it('starts with a network and a sample already inspected', async () => {
    const { session } = await begin();
    expect(session.model?.id).toBe('lenet');
    expect(session.inspection?.predictions).toHaveLength(10);
    expect(session.sample?.label).toBe('7');
    expect(session.selection).toMatchObject({ depth: 0, layer: 0, channel: 0 });
  });

  it('keeps the view when a picture cannot be opened, and says why', async () => {
    const { session } = await begin();
    session.look({ depth: 1, layer: 3, channel: 9 });
    const before = session.inspection;
    expect(await session.inspect(picture('notes.txt', 10))).toBe(false);
    expect(session.inspection).toBe(before);
    expect(session.selection).toMatchObject({ depth: 1, layer: 3, channel: 9 });
    expect(session.status.notice).toMatchObject({
      tone: 'error',
      failure: { code: 'image.format', values: { file: 'notes.txt' } },
    });
    await session.stepSample(1);
    expect(session.status.notice).toBeNull();
  });

  it('keeps network, image and view when a network cannot be opened', async () => {
    const { session } = await begin();
    const before = [session.model, session.inspection, session.weights];
    expect(await session.openModel({ kind: 'bytes', name: 'cut.onnx', bytes: new Uint8Array(3) })).toBe(false);
    expect([session.model, session.inspection, session.weights]).toEqual(before);
    expect(session.status.notice).toMatchObject({ failure: { code: 'model.format' } });
  });

  it('names the file where the failure does not', async () => {
    const client = new FakeClient('lenet', {});
    const { session } = await begin(client);
    client.failing.inspect = new FailureError('internal', { reason: messageOf('out of luck') });
    await session.inspect(picture('cat.png'));
    expect(session.status.notice).toMatchObject({ failure: { message: 'cat.png: out of luck' } });
  });

  it('drops all but the newest of the images that come while one is on its way', async () => {
    const { client, session } = await begin();
    client.calls.length = 0;
    const first = session.inspect(picture('1.png'));
    for (const name of ['2.png', '3.png', '4.png']) void session.inspect(picture(name));
    await first;
    await settle();
    const asked = client.calls
      .filter(({ method }) => method === 'inspect')
      .map(({ params }) => (params as { image: { name: string } }).image.name);
    expect(asked).toEqual(['1.png', '4.png']);
    expect(session.inspection?.input.file).toBe('4.png');
  });

  it('shows an own picture again with another network, and a sample that suits it', async () => {
    const { session } = await begin();
    await session.openModel({ kind: 'bundled', id: 'mnist-cnn' });
    expect(session.image).toEqual({ kind: 'sample', id: 'digit-7' });
    await session.inspect(picture('mine.png'));
    await session.openModel({ kind: 'bundled', id: 'residual' });
    expect(session.inspection?.input.file).toBe('mine.png');
  });

  it('has the samples of classes that the network knows, unless it knows many more', async () => {
    const { session } = await begin();
    const known = (labels: string[]): [boolean, number] => {
      session.model = { ...session.model!, id: 'run', bundled: false, labels };
      return [session.hasOwnSamples, session.samples.length];
    };
    const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
    expect(known(numbers(10))).toEqual([true, 10]);
    expect(known(['3', '7', 'x'])).toEqual([true, 2]);
    expect(known(['ants', 'bees'])).toEqual([false, 10]);
    expect(known(numbers(1000))).toEqual([false, 10]);
  });

  it('changes options by inspecting the same image once more', async () => {
    const { client, session } = await begin();
    client.calls.length = 0;
    await session.setOptions({ fit: 'crop', invert: 'on' });
    expect(client.calls).toHaveLength(1);
    expect(client.calls[0].params).toMatchObject({
      image: { id: 'digit-7' },
      options: { fit: 'crop', invert: 'on' },
    });
    expect(session.options).toMatchObject({ fit: 'crop', invert: 'on' });
  });

  it("takes an evaluation's picture as the evaluation did, and leaves nothing of that behind for the next", async () => {
    const { client, session } = await begin();
    const options = (): unknown => (client.calls[client.calls.length - 1].params as { options: unknown }).options;
    await session.setOptions({ invert: 'off', background: '#ff0000' });
    await session.openModel({ kind: 'bundled', id: 'mnist-cnn' }, picture('evaluated.png'), { asEvaluated: true });
    expect(options()).toMatchObject({ invert: 'auto' });
    expect(options()).not.toHaveProperty('background');
    await session.setOptions({ fit: 'crop' });
    expect(options()).toMatchObject({ fit: 'crop', invert: 'auto' });
    await session.inspect(picture('next.png'));
    expect(options()).toMatchObject({ invert: 'off', background: '#ff0000' });
    await session.openModel({ kind: 'bundled', id: 'mnist-cnn' }, picture('again.png'), { asEvaluated: true });
    await session.openModel({ kind: 'bundled', id: 'mnist-cnn' }, picture('other.png'));
    expect(options()).toMatchObject({ invert: 'off', background: '#ff0000' });
    // What somebody chose by hand stays.
    await session.setOptions({ invert: 'on' });
    await session.inspect(picture('last.png'));
    expect(options()).toMatchObject({ invert: 'on' });
  });

  it('keeps the options of what is shown where others are refused', async () => {
    const { client, session } = await begin();
    const before = session.options;
    client.failing.inspect = new FailureError('internal', { reason: say('system.memory') });
    await session.setOptions({ fit: 'crop', invert: 'on' });
    expect(session.options).toEqual(before);
    expect(session.status.notice).toMatchObject({ tone: 'error' });
  });

  it('says nothing of a network that failed to open when another one was asked for meanwhile', async () => {
    const { client, session } = await begin();
    let fail = (): void => undefined;
    const late = new Promise<void>((resolve) => (fail = resolve));
    const call = client.call.bind(client);
    client.call = async (method, params) => {
      if (method === 'openModel' && JSON.stringify(params).includes('cut.onnx')) await late;
      return call(method, params);
    };
    const cut = session.openModel({ kind: 'bytes', name: 'cut.onnx', bytes: new Uint8Array(3) });
    expect(await session.openModel({ kind: 'bundled', id: 'mnist-cnn' })).toBe(true);
    fail();
    expect(await cut).toBe(false);
    expect(session.model?.id).toBe('mnist-cnn');
    expect(session.status.notice).toBeNull();
  });

  it('shows a network as opened where a picture is dropped while it opens, at any moment', async () => {
    for (const moment of ['modelOpened', 'inspect'] as const) {
      const { client, session } = await begin();
      const call = client.call.bind(client);
      let go = (): void => undefined;
      const late = new Promise<void>((resolve) => (go = resolve));
      let held = 0;
      client.call = (async (method: Method, params: never) => {
        if (method === moment && held++ === 0) await late;
        const answer = await call(method, params);
        if (method !== 'openModel' && method !== 'modelOpened') return answer;
        const foreign = { opening: method === 'openModel', refused: null, drawn: [], graph: { boxes: [], groups: [] } };
        return { ...(answer as object), foreign };
      }) as typeof client.call;
      const opening = session.openModel({ kind: 'bundled', id: 'mnist-cnn' });
      await settle();
      expect(session.model?.foreign?.opening, moment).toBe(moment === 'modelOpened');
      expect(await session.inspect(picture('7.png'))).toBe(true);
      go();
      await opening;
      expect([session.model?.id, session.model?.foreign?.opening], moment).toEqual(['mnist-cnn', false]);
      expect(session.image, moment).toMatchObject({ name: '7.png' });
    }
  });

  it('names a background only where somebody chose one: without it, a letterbox has the bars that the network knows', async () => {
    const { client, session } = await begin();
    for (const { params } of client.calls.filter(({ method }) => method === 'inspect'))
      expect(params).not.toHaveProperty('options.background');
    client.calls.length = 0;
    await session.setOptions({ background: '#ff0000' });
    expect(client.calls[0].params).toMatchObject({ options: { background: '#ff0000' } });
  });

  it('opens network and image again, in place, after the engine was started anew', async () => {
    const { client, session } = await begin();
    session.look({ depth: 2, layer: 3, channel: 9, y: 4, x: 5 });
    const before = session.inspection?.inspection;
    const reason = say('engine.stopped', { reason: messageOf('crash') });
    client.emit('restarted', { reason });
    expect(session.status.busy).toBe(true);
    await settle();
    expect(session.status.busy).toBe(false);
    expect(session.inspection?.inspection).not.toBe(before);
    expect(session.selection).toMatchObject({ depth: 2, layer: 3, channel: 9, y: 4, x: 5 });
    expect(session.status.notice).toMatchObject({ tone: 'warn', key: 'status.restarted', params: { reason } });
  });

  it('opens what stood open where a window died, and what opens at the start where that cannot be opened any more', async () => {
    const reason = say('window.stopped', { how: say('window.memory') });
    const reopenedWith = async (model: string): Promise<Session> => {
      const info = await new FakeClient().call('start', {});
      const image = { kind: 'sample' as const, id: 'digit-3' };
      const options = { fit: 'crop' as const, invert: 'on' as const, background: '#ff0000' };
      const reopened = { model: { kind: 'bundled' as const, id: model }, image, options, reason };
      const start = { start: () => ({ ...info, reopened }) };
      return (await begin(new FakeClient('lenet', {}, start as FakeClient['training']))).session;
    };
    const session = await reopenedWith('mnist-cnn');
    expect([session.model?.id, session.sample?.id]).toEqual(['mnist-cnn', 'digit-3']);
    expect(session.options).toMatchObject({ fit: 'crop', invert: 'on' });
    expect(session.status.notice).toMatchObject({ tone: 'warn', key: 'status.restarted', params: { reason } });

    const other = await reopenedWith('removed');
    expect([other.model?.id, other.sample?.id]).toEqual(['lenet', 'digit-7']);
    expect(other.status.notice).toMatchObject({ tone: 'error', failure: { code: 'model.format' } });
  });

  it('says what the engine says unasked', async () => {
    const { client, session } = await begin();
    const failure = new FailureError('file.unreadable', {
      file: 'folders.json',
      reason: messageOf('damaged'),
    }).toJSON();
    client.emit('notice', { failure });
    expect(session.status.notice).toMatchObject({ tone: 'error', failure });
    expect(session.status.engineGone).toBe(false);
    const ended = say('engine.gave-up', { count: 6, reason: messageOf('crash') });
    for (const reason of [ended, say('system.about', { name: 'a.png', reason: ended })]) {
      session.status.engineGone = false;
      session.status.fail(new FailureError('internal', { reason }).toJSON());
      expect(session.status.engineGone).toBe(true);
    }
  });

  it('opens pixel depth at the strongest unit, unless one was chosen', async () => {
    const { session } = await begin();
    session.select(0, 2);
    await session.tensors!.sheet(0).need(2, 1);
    const thumb = session.tensors!.sheet(0).map(2)!;
    const most = thumb.data.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
    session.goTo(2);
    const { y, x } = session.selection;
    expect(Math.abs(thumb.data[y * thumb.width + x])).toBe(most);
    session.stepUnit(0, x > 0 ? -1 : 1);
    const chosen = session.selection;
    session.up();
    session.deeper();
    expect(session.selection).toMatchObject({ y: chosen.y, x: chosen.x });
  });

  it('selects at the first click, goes deeper at the second, swaps to a sibling in place', async () => {
    const { session } = await begin();
    expect(session.activate(3, 9)).toBe(false);
    expect(session.selection).toMatchObject({ depth: 0, layer: 3, channel: 9 });
    expect(session.activate(3, 10)).toBe(false);
    expect(session.activate(3, 10)).toBe(true);
    expect(session.selection).toMatchObject({ depth: 1, layer: 3, channel: 10 });
    session.up();
    session.up();
    expect(session.selection.depth).toBe(0);
  });

  it('asks for thumbnails once, in runs, and only for what is looked at', async () => {
    const { client, session } = await begin(new FakeClient('wide-512'));
    client.calls.length = 0;
    const sheet = session.tensors!.sheet(2);
    await Promise.all([sheet.need(70, 10), sheet.need(75, 3), sheet.need(60, 10)]);
    const asked = client.calls.map(({ params }) => params);
    expect(asked).toEqual([
      { inspection: session.inspection!.inspection, layer: 2, first: 64, count: 64 },
      { inspection: session.inspection!.inspection, layer: 2, first: 0, count: 64 },
    ]);
    const thumb = sheet.map(70)!;
    const { data } = (await session.tensors!.values(2, 70).promise)!;
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - thumb.data[i] * thumb.step)), 0);
    expect(worst).toBeLessThanOrEqual(thumb.step / 2 + 1e-6);
  });

  it('gives the scale of a unit, of its layer and of the network, the answer apart', async () => {
    const { session } = await begin();
    const [unit, layer] = [0.5, session.inspection!.layers[4].absMax];
    session.scope = 'unit';
    expect(session.scaleOf(3, unit)).toEqual({ most: unit, scope: 'unit' });
    session.stepScope();
    expect(session.scaleOf(3, unit)).toEqual({ most: layer, scope: 'layer' });
    session.stepScope();
    expect(session.scaleOf(3, unit)).toEqual({ most: session.networkMost, scope: 'network' });
    expect(session.scaleOf(11, unit).scope).toBe('layer');
    session.stepScope();
    expect(session.scope).toBe('unit');
  });
});
