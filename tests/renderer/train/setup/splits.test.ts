import { describe, expect, it } from 'vitest';
import { wholeSplit } from '../../../../src/core/data/dataset';
import { splitStratified } from '../../../../src/core/data/split';
import { imbalanceOf, splitsOf } from '../../../../src/renderer/src/train/setup/splits';
import { pictureOf } from '../../../../src/renderer/src/train/setup/sheet';
import { fakeSurvey } from '../../fake-data';

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
