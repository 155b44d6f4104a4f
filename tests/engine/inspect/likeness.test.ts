/** Bundled networks say of pictures of other data that they are unlike what they learned from, and of their own test pictures that they are not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ImageSet } from '../../../src/core/data/dataset';
import { generateShapes } from '../../../src/core/data/generated';
import { likenessOf, type Likeness } from '../../../src/core/data/likeness';
import type { Model } from '../../../src/core/model/model';
import { prepare } from '../../../src/engine/image/prepare';
import { trainingPicture } from '../../../src/engine/image/training-picture';
import { toChannels } from '../../../src/engine/image/input';
import { openModel } from '../../../src/engine/models/models';
import { describeWithData, sharedData } from '../../shared-data';

const PICTURES = 200;

function idx(name: string): ImageSet {
  const pixels = gunzipSync(readFileSync(sharedData(name, 't10k-images-idx3-ubyte.gz'))).subarray(16);
  return { count: 10_000, height: 28, width: 28, channels: 1, pixels, labels: new Int32Array(10_000) };
}

async function open(id: string): Promise<Model> {
  const opened = await openModel({ kind: 'bundled', id });
  return opened.model;
}

/** As Inspect has it, for a picture of any size. */
async function likeness({ metadata, graph }: Model, image: ImageSet, i: number): Promise<Likeness> {
  const length = image.height * image.width * image.channels;
  const data = toChannels(image.pixels.subarray(i * length, (i + 1) * length), image.channels, 3);
  const { height, width } = metadata.preprocessing;
  const channels = graph.inputShape[2];
  const picture = { width: image.width, height: image.height, channels: 3 as const, data };
  const { row } = await trainingPicture(picture, { ...metadata.preprocessing, channels });
  const colored = image.channels === 3;
  return likenessOf(metadata.pictures!, { pixels: row, height, width, channels, colored, size: picture });
}

/** Per cent of `PICTURES` test pictures that are said to be unlike. */
async function unlike(model: Model, image: ImageSet): Promise<number> {
  const step = Math.floor(image.count / PICTURES);
  let count = 0;
  for (let i = 0; i < PICTURES; i++) if ((await likeness(model, image, i * step)).reasons.length > 0) count++;
  return (100 * count) / PICTURES;
}

describeWithData('pictures of four data sets before five networks', ['fashion-mnist'], () => {
  it('are told apart as far as the numbers below say', async () => {
    const sets = {
      digits: idx('mnist'),
      clothes: idx('fashion-mnist'),
      colors: generateShapes('color', 'test', PICTURES),
      shapes: generateShapes('shape', 'test', PICTURES),
    };
    const own = {
      'lenet5-mnist': 'digits',
      'mnist-cnn': 'digits',
      'fashion-cnn': 'clothes',
      'colors-cnn': 'colors',
      'shapes-cnn': 'shapes',
    } as const;
    const table: Record<string, Record<string, number>> = {};
    for (const id of Object.keys(own)) {
      const model = await open(id);
      table[id] = {};
      for (const [name, set] of Object.entries(sets)) table[id][name] = await unlike(model, set);
    }
    if (process.env.CONVSCOPE_TABLE) console.table(table);
    // Digits are no rarer shapes than trousers to these numbers: most are not told before the network for clothes.
    expect(table['lenet5-mnist'].clothes).toBeGreaterThan(90);
    for (const id of ['lenet5-mnist', 'mnist-cnn', 'fashion-cnn', 'shapes-cnn']) expect(table[id].colors, id).toBe(100);
    for (const [id, name] of Object.entries(own)) expect(table[id][name], `${id} on its own`).toBeLessThan(2);
  });
});

describeWithData('photos of cats before the network for clothes', ['cats-dogs'], () => {
  it('are told to be unlike clothes, but for two nearly gray ones of fifty', async () => {
    const model = await open('fashion-cnn');
    const { pictures, preprocessing } = model.metadata;
    const folder = sharedData('cats-dogs', 'val', 'cats');
    let [told, colored] = [0, 0];
    for (const name of readdirSync(folder)) {
      const { seen } = await prepare({ bytes: readFileSync(join(folder, name)) }, name, preprocessing, {});
      const { reasons } = likenessOf(pictures!, { ...preprocessing, ...seen });
      const codes = reasons.map(({ code }) => code);
      if (codes.length > 0) told++;
      if (codes.includes('unlike.colored')) colored++;
    }
    expect({ told, colored }).toEqual({ told: 48, colored: 44 });
  });
});
