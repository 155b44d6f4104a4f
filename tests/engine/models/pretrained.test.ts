import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { Decoder } from '../../../src/engine/image/decoder';
import type { CallContext, Method, ModelInfo, Params, Result } from '../../../src/shared/protocol';
import { buildDecoder } from '../image/decoder-script';
import { describeWithData, sharedData } from '../../shared-data';

const context: CallContext = { emit: () => undefined };
let engine: OpenEngine;
beforeAll(async () => {
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(await buildDecoder('pretrained')));
});
afterAll(() => engine.close());

const call = <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> =>
  engine.call(method, params, context);

/** The network when onnxruntime has opened it, too. */
async function opened(): Promise<ModelInfo> {
  const { model } = await call('openModel', { source: { kind: 'bundled', id: 'efficientnet-lite0' } });
  return call('modelOpened', { model });
}

it('the network for photos opens with its labels and its own preprocessing', async () => {
  const model = await opened();
  expect(model.bundled).toBe(true);
  expect(model.inputShape).toEqual([3, 224, 224]);
  expect(model.labels).toHaveLength(1000);
  expect(model.labels[207]).toBe('golden retriever');
  expect(model.head?.kind).toBe('share');
  expect(model.foreign?.picture?.reasons.map(({ code }) => code)).toEqual(['guess.shape', 'guess.told']);
  expect(model.preprocessing).toMatchObject({
    fit: 'crop',
    scale: 1,
    mean: [127, 127, 127],
    deviation: [128, 128, 128],
  });
  // Weights are the convolutions' own, not those of a cast.
  expect(model.layers.filter(({ kind }) => kind === 'Cast')).toEqual([]);
  expect(model.totals.params).toBeGreaterThan(4_600_000);
});

/** Places of ImageNet's classes. */
const DOGS = { from: 151, to: 268 };
const CATS = { from: 281, to: 285 };

describeWithData('photos of cats and dogs', ['cats-dogs', 'val'], () => {
  it('a dog is called a dog, and most cats cats', async () => {
    const model = await opened();
    const share = async (folder: string, { from, to }: typeof DOGS): Promise<number> => {
      const files = readdirSync(sharedData('cats-dogs', 'val', folder)).slice(0, 5);
      let right = 0;
      for (const name of files) {
        const bytes = new Uint8Array(readFileSync(sharedData('cats-dogs', 'val', folder, name)));
        const image = { kind: 'bytes' as const, name, bytes };
        const { predictions } = await call('inspect', { model: model.model, image, options: {} });
        const [best] = [...predictions].sort((a, b) => b.probability! - a.probability!);
        if (best.index >= from && best.index <= to) right++;
      }
      return right / files.length;
    };
    expect(await share('dogs', DOGS)).toBe(1);
    expect(await share('cats', CATS)).toBeGreaterThan(0.5);
  });
});
