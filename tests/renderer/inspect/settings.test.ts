import { expect, it } from 'vitest';
import { settingRows, settingText } from '../../../src/renderer/src/inspect/side/settings';

it('writes settings as people do and leaves out what says nothing', () => {
  const settings = {
    filters: 6,
    kernel: 5,
    stride: [2, 1],
    padding: [0, 1, 0, 1],
    dilation: 1,
    groups: [1],
    bias: true,
  };
  expect(settingRows({ settings })).toEqual([
    { setting: 'kernel', text: '5 × 5' },
    { setting: 'stride', text: '2 × 1' },
    { setting: 'padding', text: '0, 1, 0, 1' },
  ]);
});
it('knows sizes, steps and small numbers', () => {
  expect(settingText('size', [3, 2])).toBe('3 × 2');
  expect(settingText('kernel', [3, 3])).toBe('3 × 3');
  expect(settingText('stride', [2, 2])).toBe('2');
  expect(settingText('padding', 'same')).toBe('same');
  expect(settingText('epsilon', 1e-5)).toBe('0.00001');
  expect(settingText('alpha', 1.5e-7)).toBe('0.00000015');
  expect(settingText('rate', 0.5)).toBe('0.5');
});
