import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../../src/engine/worker/host';
import { built } from '../../../src/engine/system/root';
import type { EventName } from '../../../src/shared/protocol';

/** The built worker thread, as the app's hosts hold it. `npm test` builds it. */
describe('the engine in its worker thread', () => {
  let host: EngineHost;
  const events: EventName[] = [];
  beforeAll(() => {
    if (!existsSync(built('main', 'engine.js'))) throw new Error("the engine is not built: run 'npm run build'");
    host = new EngineHost({ open: { model: null, image: null } }, (event) => void events.push(event));
  });
  afterAll(() => host.close());

  it('answers, and hands out copies that leave its own intact', async () => {
    const { models } = await host.call('start', {});
    const { model } = await host.call('openModel', { source: { kind: 'bundled', id: models[0].id } });
    const image = { kind: 'sample', id: 'digit-5' } as const;
    const { inspection, predictions } = await host.call('inspect', { model, image, options: {} });
    expect(predictions.length).toBeGreaterThan(1);
    for (const layer of [-1, 0]) {
      const first = await host.call('npy', { inspection, layer });
      expect(first.bytes.length).toBeGreaterThan(128);
      expect((await host.call('npy', { inspection, layer })).bytes).toEqual(first.bytes);
      const values = await host.call('values', { inspection, layer, channel: 0 });
      expect((await host.call('values', { inspection, layer, channel: 0 })).data).toEqual(values.data);
    }
    const file = await host.call('modelFile', { model });
    expect((await host.call('modelFile', { model })).bytes).toEqual(file.bytes);
    const kernels = await host.call('kernels', { model, layer: 0, first: 0, count: 99 });
    expect((await host.call('kernels', { model, layer: 0, first: 0, count: 99 })).data).toEqual(kernels.data);
  });

  it('answers bad requests with failures, and stays', async () => {
    await expect(
      host.call('inspect', { model: 77, image: { kind: 'sample', id: 'digit-5' }, options: {} }),
    ).rejects.toMatchObject({
      code: 'handle.gone',
      message: 'model 77 is no longer available; open it again',
    });
    await expect(host.call('inspect', null as never)).rejects.toMatchObject({ code: 'internal' });
    expect(events).toEqual([]);
  });
});
