/** A file of Convscope's own with a weight that somebody changed: whatever answers by it says so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { decodeModel } from '../../src/core/onnx/decode';
import { resource } from '../../src/engine/system/root';

const folder = mkdtempSync(join(tmpdir(), 'convscope-altered-'));
const file = join(folder, 'colors.onnx');
const picture = resource('samples', 'digit-3.png');
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(folder, 'cache');
  const bytes = new Uint8Array(readFileSync(resource('models', 'colors-cnn.onnx')));
  const { raw } = decodeModel(bytes).graph.initializers[0];
  bytes[Buffer.from(bytes.buffer).indexOf(raw!)] ^= 1;
  writeFileSync(file, bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  const io = {
    print: (line: string) => void out.push(line),
    warn: (line: string) => void err.push(line),
    setExitCode: () => undefined,
  };
  await main(argv, io);
  return { out: out.join('\n'), err: err.join('\n') };
}
const said = /was altered since Convscope wrote it: conv1\.weight/;

it.each([
  ['inspect', [picture, '--model', file]],
  ['predict', [picture, '--model', file]],
  ['evaluate', ['--model', file, '--data', 'builtin:colors']],
  ['export', [file, '--out', join(folder, 'copy.onnx')]],
  ['export', [file, '--out', join(folder, 'anew.onnx'), '--opset', '18']],
])('%s says what was altered', async (command, args) => {
  const { out, err } = await run(command, ...args);
  expect(`${out}\n${err}`).toMatch(said);
  const json = await run(command, ...args, '--json');
  expect(`${json.out}\n${json.err}`).toMatch(said);
  if (command === 'export') expect(JSON.parse(json.out)).toMatchObject({ accuracy: { test: null, validation: null } });
});

it('nothing is said of a file as it was written', async () => {
  const whole = resource('models', 'colors-cnn.onnx');
  const { out, err } = await run('inspect', picture, '--model', whole);
  expect(`${out}\n${err}`).not.toContain('altered');
});
