import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { photoNetwork } from '../../../src/core/model/photo';
import { resolveSettings } from '../../../src/core/train/settings';
import { dataFacts } from '../../../src/engine/data/facts';
import { architectureChosen } from '../../../src/engine/train/architecture-chosen';
import { fitToClasses } from '../../../src/engine/train/fit-classes';
import { propose, proposeOrHead } from '../../../src/engine/train/proposal';
import { SIDES } from '../../../src/shared/network-inputs';
import type { DataFacts } from '../../../src/shared/data-sets';
import { sentence } from '../../../src/words';
import { describeWithData, sharedData } from '../../shared-data';
import { plain, put } from '../data-sets/pictures';
import { scratch } from './helpers';

const photos = (train: number[], more: Partial<DataFacts> = {}): DataFacts => ({
  known: null,
  train,
  validation: null,
  width: 640,
  height: 480,
  colored: true,
  ...more,
});

/** Updates that a proposal comes to. */
function updates(facts: DataFacts): number {
  const { batch, epochs, validation } = resolveSettings(propose(facts).options);
  const count = facts.train.reduce((sum, each) => sum + each, 0) * (facts.validation === null ? 1 - validation : 1);
  return Math.ceil(count / batch) * epochs;
}

describe('a proposal', () => {
  it('makes several hundred updates, whatever the number of pictures', () => {
    for (const count of [30, 60, 300, 2000, 10_000, 50_000])
      expect(updates(photos([count / 2, count / 2])), String(count)).toBeGreaterThanOrEqual(count < 60 ? 300 : 600);
  });

  it('is a head on the pretrained body for few color photos only, beside a network from random weights', () => {
    const few = photos([10, 10]);
    const { network, scratch, options } = proposeOrHead(few);
    expect(network.source).toEqual({ kind: 'body', id: 'efficientnet-lite0' });
    expect(options.augment).toBeUndefined();
    expect(scratch).toEqual({ network: propose(few).network, options: propose(few).options });
    for (const other of [photos([500, 500]), photos([10, 10], { colored: false }), photos([10, 10], { width: 32 })])
      expect(proposeOrHead(other)).toEqual(propose(other));
  });

  it('fits size and channels of the input to the pictures, and says why in a line each', () => {
    const { network, options, reasons } = propose(photos([150, 150]));
    expect(network.input).toEqual({ side: 32, channels: 3 });
    expect(options.augment).toEqual({ shift: 3, flip: 'horizontal' });
    expect(reasons.map((reason) => sentence(reason).length > 20)).not.toContain(false);
    expect(propose(photos([3000, 3000])).network.input?.side).toBe(64);
    const drawings = propose(photos([3000, 3000], { width: 28, height: 28, colored: false }));
    expect(drawings.network.input).toEqual({ side: 28, channels: 1 });
    expect(drawings.options.augment).toEqual({ shift: 3 });
  });

  it('tells of too few pictures for a network from random weights', () => {
    expect(propose(photos([30, 30])).few?.values).toEqual({ count: 60, each: 30 });
    expect(propose(photos([150, 150])).few).toBeNull();
  });

  it('takes the network that was made for a known set, with its defaults', () => {
    const { network, options } = propose(photos([500], { known: 'mnist' }));
    expect([network.source.id, options]).toEqual(['lenet5-mnist', {}]);
  });
});

describe('any network', () => {
  it('can be asked for at every side', async () => {
    for (const side of SIDES) {
      expect(buildGraph(photoNetwork(side, 3)).inputShape).toEqual([side, side, 3]);
      for (const id of ['lenet5-mnist', 'mnist-cnn', 'colors-cnn']) {
        const choice = { source: { kind: 'bundled' as const, id }, variant: 'twin' as const };
        const architecture = await architectureChosen({ ...choice, input: { side, channels: 3 } });
        expect(fitToClasses(architecture, 4).graph.inputShape).toEqual([side, side, 3]);
      }
    }
  });
});

describe('the facts of a data set', () => {
  const root = scratch();
  it('are its classes, and size and colors of its pictures', async () => {
    const folder = mkdtempSync(join(root, 'set-'));
    for (let i = 0; i < 3; i++) {
      put(folder, `a/${i}.png`, await plain(255, 0, 0));
      put(folder, `b/${i}.png`, await plain(9, 9, 9));
    }
    expect(await dataFacts(folder)).toMatchObject({ known: null, train: [3, 3], validation: null, colored: true });
    expect(await dataFacts('builtin:shapes')).toMatchObject({ known: 'builtin:shapes', colored: false, width: 28 });
  });
  describeWithData('of photos', ['cats-dogs'], () => {
    it('are told without reading all', async () => {
      const facts = await dataFacts(sharedData('cats-dogs'));
      expect(facts).toMatchObject({ train: [150, 150], validation: 100, colored: true });
      expect(Math.min(facts.width, facts.height)).toBeGreaterThan(100);
    });
  });
});
