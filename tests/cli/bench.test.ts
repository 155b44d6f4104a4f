import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../bin/convscope.js', import.meta.url));

async function bench(...options: string[]): Promise<Record<string, number | string>[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'bench', '--json', ...options], {
    timeout: 240_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number | string>);
}

it('prints one JSON line a case, with one thread and with two', async () => {
  const lines = await bench('--net', 'tiny', '--batch', '16', '--rounds', '1', '--window', '5');
  expect(lines.map(({ net, batch, threads, node }) => ({ net, batch, threads, node }))).toEqual(
    [1, 2].map((threads) => ({ net: 'tiny', batch: 16, threads, node: process.version })),
  );
  for (const line of lines) {
    const { trainImagesPerSecond, forwardImagesPerSecond, ortForwardImagesPerSecond, ratio } = line;
    for (const figure of [trainImagesPerSecond, forwardImagesPerSecond, ortForwardImagesPerSecond, ratio])
      expect(figure).toBeGreaterThan(0);
    expect(Number(trainImagesPerSecond) / Number(ortForwardImagesPerSecond) / Number(ratio)).toBeCloseTo(1, 1);
  }
  expect(lines[1].independentTrainImagesPerSecond).toBeGreaterThan(0);
}, 300_000);

it('measures a network of one’s own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-bench-'));
  const file = join(folder, 'own.json');
  writeFileSync(
    file,
    JSON.stringify({
      input: { height: 8, width: 8, channels: 1 },
      layers: [{ kind: 'conv', filters: 2, kernel: 3 }, { kind: 'flatten' }, { kind: 'dense', units: 3 }],
    }),
  );
  try {
    const own = ['--model', file, '--batch', '4', '--threads', '1', '--rounds', '1', '--window', '5'];
    const [line, ...others] = await bench(...own);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ net: file, batch: 4, threads: 1 });
    for (const figure of [line.ratio, line.forwardRatio]) expect(figure).toBeGreaterThan(0);
    await expect(bench(...own, '--net', 'tiny')).rejects.toThrow('exclude each other');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);

it('measures the resident memory of training', async () => {
  const [line] = await bench('--memory', '--steps', '20', '--batch', '32');
  expect(line).toMatchObject({ net: 'cifar-like', batch: 32, threads: 1, steps: 20 });
  expect(line.residentMiB).toBeGreaterThan(50);
  expect(Number(line.residentMiB) * 2 ** 20).toBeLessThan(600e6);
}, 300_000);

it('compares a step whose values vanish with an ordinary one', async () => {
  const [line] = await bench('--vanishing', '--net', 'tiny', '--batch', '16', '--rounds', '1', '--window', '5');
  expect(line).toMatchObject({ net: 'tiny', batch: 16, threads: 1 });
  expect(line.vanishingRatio).toBeGreaterThan(0);
}, 300_000);
