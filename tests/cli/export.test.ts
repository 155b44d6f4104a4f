import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { readModel } from '../../src/core/onnx/read';

const folder = mkdtempSync(join(tmpdir(), 'convscope-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  let own = 0;
  const code = await main(argv, {
    print: (line) => void out.push(line),
    warn: (line) => void err.push(line),
    setExitCode: (given) => void (own = given),
  });
  return { code: code || own, out: out.join('\n'), err: err.join('\n') };
}

it('writes what was chosen, checked in onnxruntime on the bundled samples', async () => {
  const file = (name: string): string => join(folder, name);
  const plain = await run('export', 'lenet5-mnist', '--out', file('plain.onnx'), '--json');
  expect(JSON.parse(plain.out)).toMatchObject({ inputShape: [1, 28, 28], check: null });
  const inside = await run(
    'export',
    'lenet5-mnist',
    '--out',
    file('inside.onnx'),
    '--preprocessing',
    'inside',
    '--json',
  );
  expect(inside).toMatchObject({ code: 0, err: '' });
  const { check } = JSON.parse(inside.out) as { check: { images: number; resized: { images: number } } };
  expect(check).toMatchObject({ ok: true, sameAnswers: check.images, resized: { images: check.images } });
  const logits = await run('export', 'lenet5-mnist', '--out', file('logits.onnx'), '--no-softmax', '--opset', '21');
  expect(logits.out).toContain('onnxruntime agrees with the core on 100 pictures');
  expect(readModel(readFileSync(file('logits.onnx'))).graph.layers.at(-1)!.kind).toBe('dense');
}, 30_000);

it('quantizes by the pictures that the network learned from, and tells the accuracy before and after', async () => {
  const at = join(folder, 'int8.onnx');
  const { code, out } = await run('export', 'shapes-cnn', '--out', at, '--int8', '--data', 'builtin:shapes', '--json');
  expect(code).toBe(0);
  const { check, quantized, bytes } = JSON.parse(out) as {
    bytes: number;
    check: { ok: boolean };
    quantized: { before: number; after: number; images: number };
  };
  expect(check.ok).toBe(true);
  expect(quantized.images).toBeGreaterThan(500);
  expect(quantized.before).toBeGreaterThan(0.9);
  expect(quantized.after).toBeGreaterThan(quantized.before - 0.02);
  const whole = await run('export', 'shapes-cnn', '--out', join(folder, 'whole.onnx'), '--json');
  expect(bytes).toBeLessThan((JSON.parse(whole.out) as { bytes: number }).bytes);
  expect(await run('export', 'shapes-cnn', '--out', at, '--int8')).toMatchObject({ code: 2 });
  expect(await run('export', 'shapes-cnn', '--out', at, '--int8', '--data', 'builtin:colors')).toMatchObject({
    code: 1,
  });
}, 60_000);

it('writes scripts with their weights beside them, and a folder for a page', async () => {
  const script = join(folder, 'net.py');
  expect(await run('export', 'lenet5-mnist', '--out', script, '--format', 'keras')).toMatchObject({ code: 0 });
  expect(readFileSync(script, 'utf8')).toContain('network.logits = keras.Model(inputs');
  expect(readFileSync(join(folder, 'net.safetensors')).length).toBeGreaterThan(4 * 61_706);
  const page = join(folder, 'page');
  expect(await run('export', 'lenet5-mnist', '--out', page, '--format', 'web')).toMatchObject({ code: 0 });
  expect(readdirSync(page).sort()).toEqual(
    ['app.js', 'index.html', 'model.onnx', 'network.json', 'package.json', 'preprocess.js', 'serve.mjs'].sort(),
  );
});

it('refuses what no format or choice says', async () => {
  const at = join(folder, 'x');
  expect(await run('export', 'lenet5-mnist', '--out', at)).toMatchObject({ code: 2 });
  expect(await run('export', 'lenet5-mnist', '--out', `${at}.npz`, '--float16')).toMatchObject({ code: 2 });
  expect(await run('export', 'lenet5-mnist', '--out', `${at}.onnx`, '--opset', '12')).toMatchObject({ code: 2 });
});
