/** `head` on the command line, and what takes its file; the bundled body by its ID. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { apart } from '../engine/evaluation/fixtures';
import { plain, put } from '../engine/data-sets/pictures';
import { scratch } from '../engine/train/helpers';

const root = scratch();
beforeAll(() => apart(root));

async function convscope(...words: string[]): Promise<{ json: Record<string, unknown>; err: string }> {
  const [out, err]: string[][] = [[], []];
  const code = await main([...words, '--json'], {
    print: (line) => void out.push(line),
    warn: (line) => void err.push(line),
    setExitCode: () => undefined,
  });
  if (code !== 0) throw new Error(err.join('\n'));
  expect(out).toHaveLength(1);
  return { json: JSON.parse(out[0]) as Record<string, unknown>, err: err.join('\n') };
}

describe('the pretrained network by its ID', () => {
  it('is summarized, node by node', async () => {
    const { json } = await convscope('summary', 'efficientnet-lite0');
    expect(json).toMatchObject({ model: 'efficientnet-lite0', refused: null });
    expect(json.inputs).toMatchObject([{ type: 'float32' }]);
    const { params, macs } = json.totals as { params: number; macs: number };
    // The paper's repository: 4.7 M parameters, 407 M multiply-adds.
    expect(Math.round(params / 1e5)).toBeOneOf([46, 47]);
    expect(macs).toBeGreaterThan(380e6);
    expect(macs).toBeLessThan(410e6);
  });

  it('is the body of a head, whose run and file are evaluated as the training says', async () => {
    const data = join(root, 'tints');
    for (const part of ['train', 'test'])
      for (let i = 0; i < 6; i++) {
        const more = part === 'train' ? 0 : 6;
        put(data, `${part}/red/${i}.png`, await plain(255 - 9 * (i + more), 20, 30, 64));
        put(data, `${part}/blue/${i}.png`, await plain(30, 20, 255 - 9 * (i + more), 64));
      }
    const out = join(root, 'head');
    const head = await convscope(
      'head',
      '--model',
      'efficientnet-lite0',
      '--data',
      data,
      '--out',
      out,
      '--epochs',
      '8',
    );
    expect(head.err).toMatch(/24 pictures through 'efficientnet-lite0'/);
    expect(head.err).toMatch(/12 of 12 right.*Wilson/);
    expect((head.json.accuracy as Record<string, number>).test).toBe(1);
    for (const model of [out, join(out, 'model.onnx')]) {
      const { json } = await convscope('evaluate', '--model', model, '--data', data);
      expect(json).toMatchObject({
        part: 'test',
        images: 12,
        accuracy: 1,
        confusion: [
          [6, 0],
          [0, 6],
        ],
      });
    }
  }, 300_000);
});
