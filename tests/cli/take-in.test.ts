import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { readModel } from '../../src/core/onnx/read';
import { describeWithData, sharedData } from '../shared-data';

async function run(...argv: string[]): Promise<{ code: number; lines: string[]; warned: string[] }> {
  const [lines, warned]: string[][] = [[], []];
  let code = 0;
  const io = {
    print: (line: string) => lines.push(line),
    warn: (line: string) => warned.push(line),
    setExitCode: (set: number) => (code = set),
  };
  const returned = await main(argv, io as never);
  return { code: code || returned, lines, warned };
}

describeWithData('take-in', ['onnx-models'], () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'convscope-take-in-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('writes a network of ours, which trains and is inspected by the core', async () => {
    const [file, out] = [sharedData('onnx-models', 'mnist-8_cntk.onnx'), join(folder, 'mine.onnx')];
    const { code, lines } = await run('take-in', file, '--out', out, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0])).toMatchObject({ parameters: 5994, obstacles: [] });
    expect(readModel(await readFile(out)).graph.layers.length).toBe(8);
    const digit = 'resources/samples/digit-7.png';
    const core = await run('inspect', digit, '--model', file, '--engine', 'core', '--json');
    const foreign = await run('inspect', digit, '--model', file, '--json');
    const [ours, theirs] = [core, foreign].map(
      ({ lines: [line] }) => JSON.parse(line).predictions as { label: string; value: number }[],
    );
    expect(ours.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
    const largest = Math.max(...theirs.map(({ value }) => Math.abs(value)));
    ours.forEach(({ value }, i) => expect(Math.abs(value - theirs[i].value) / largest).toBeLessThan(1e-4));
    const trained = await run(
      'train',
      '--data',
      'builtin:shapes',
      '--model',
      file,
      '--out',
      join(folder, 'run'),
      '--epochs',
      '1',
      '--json',
    );
    expect(trained.warned.join(' ')).not.toMatch(/convscope:/);
    expect(trained.code).toBe(0);
  });

  it('names what stands in the way, and says so in the summary', async () => {
    const file = sharedData('onnx-models', 'ultraface_RFB-320.onnx');
    const { code, warned } = await run('take-in', file);
    expect(code).toBe(1);
    expect(warned.join('\n')).toMatch(/several outputs \(scores, boxes\)/);
    const { lines } = await run('summary', file, '--json');
    expect(JSON.parse(lines[0]).takeIn).toMatchObject({ layers: null });
  });
});
