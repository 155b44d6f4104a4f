import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { writeModel } from '../../src/core/onnx/write';
import { resource } from '../../src/engine/system/root';
import sharp from '../../src/engine/image/sharp';
import { everyKind } from '../engine/models';
import { nestedUse, png } from '../engine/pictures';

const folder = mkdtempSync(join(tmpdir(), 'convscope-cli-'));
const digit = resource('samples', 'digit-5.png');
const file = (name: string): string => join(folder, name);
const MODEL = 'lenet5-mnist';

beforeAll(() => writeFileSync(file('every.onnx'), writeModel(everyKind())));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  code: number;
  out: string[];
  err: string[];
}

async function run(...argv: string[]): Promise<Outcome> {
  const [out, err]: string[][] = [[], []];
  let own = 0;
  const io = {
    print: (line: string) => void out.push(...line.split('\n')),
    warn: (line: string) => void err.push(...line.split('\n')),
    setExitCode: (code: number) => void (own = code),
  };
  const code = await main(argv, io);
  return { code: code || own, out, err };
}

/** One line on standard error, nothing on standard output. */
async function expectError(code: number, message: string | RegExp, ...argv: string[]): Promise<void> {
  const outcome = await run(...argv);
  expect(outcome.err, argv.join(' ')).toHaveLength(1);
  expect(outcome.err[0]).toMatch(message);
  expect(outcome.err[0]).toMatch(/^convscope: /);
  expect(outcome).toMatchObject({ code, out: [] });
}

describe('inspect', () => {
  it('--json prints one line with everything', async () => {
    const { code, out, err } = await run('inspect', digit, '--model', MODEL, '--json');
    expect({ code, err, lines: out.length }).toEqual({ code: 0, err: [], lines: 1 });
    const report = JSON.parse(out[0]);
    expect(Object.keys(report)).toEqual(['model', 'provider', 'input', 'layers', 'predictions']);
    expect(report.model).toBe(MODEL);
    expect(report.input).toMatchObject({ file: digit, width: 28, height: 28, format: 'png', notes: ['palette'] });
    expect(report.input).toMatchObject({ inverted: false, suggested: false, warnings: [] });
    for (const layer of report.layers) {
      expect(Object.keys(layer)).toEqual([
        ...['name', 'kind', 'outputShape', 'params', 'macs', 'min', 'max', 'mean', 'std', 'zeroFraction'],
      ]);
    }
    expect(report.layers[0]).toMatchObject({ kind: 'conv', outputShape: [6, 28, 28], params: 156, macs: 117600 });
    expect(report.layers[report.layers.length - 1]).toMatchObject({ kind: 'softmax', outputShape: [10] });
    expect(report.predictions).toHaveLength(10);
    expect(report.predictions[0]).toMatchObject({ label: '5', index: 5 });
    const shares = report.predictions.map(({ probability }: { probability: number }) => probability);
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
    expect(shares.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 5);
  });

  it('--out and --npy write a picture and an array a layer', async () => {
    const { code, out } = await run(
      'inspect',
      digit,
      '--model',
      file('every.onnx'),
      '--json',
      '--npy',
      '--out',
      file('deep/out'),
    );
    expect(code).toBe(0);
    const { layers, model } = JSON.parse(out[0]);
    expect(model).toBe('every.onnx');
    const expected = layers.flatMap(({ name }: { name: string }, i: number) => {
      const number = String(i + 1).padStart(2, '0');
      return [`${number}-${name}.npy`, `${number}-${name}.png`];
    });
    expect(readdirSync(file('deep/out')).sort()).toEqual(expected);
    for (const [i, { name, outputShape, min, max }] of layers.entries()) {
      const bytes = readFileSync(file(`deep/out/${String(i + 1).padStart(2, '0')}-${name}.npy`));
      expect(bytes.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00');
      const start = 10 + bytes.readUInt16LE(8);
      expect(start % 64).toBe(0);
      const shape = outputShape.length === 1 ? `(${outputShape[0]},)` : `(${outputShape.join(', ')})`;
      expect(bytes.toString('latin1', 10, start)).toMatch(
        `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`,
      );
      const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
      expect(values).toHaveLength(outputShape.reduce((a: number, b: number) => a * b));
      expect(Math.min(...values)).toBe(min);
      expect(Math.max(...values)).toBe(max);
    }
    const { data, info } = await sharp(readFileSync(file('deep/out/01-conv1.png')))
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Four maps of 28 × 28, twice enlarged, in two rows with borders of two pixels.
    expect([info.width, info.height]).toEqual([2 * 58 + 2, 2 * 58 + 2]);
    expect([...data.subarray(0, 3)]).toEqual([128, 128, 128]);
  });

  it('prints tables without --json', async () => {
    const { out } = await run('inspect', digit, '--model', MODEL);
    expect(out[0]).toBe(
      `${digit} (28 × 28, PNG, palette, ${'stretch|crop|letterbox'.split('|').find((fit) => out[0].includes(fit))}) through ${MODEL}`,
    );
    expect(out.some((line) => /^ *5 +\d+\.\d %$/.test(line))).toBe(true);
  });

  it('inverts, fits and flattens as told', async () => {
    const paper = resource('samples', 'digit-on-paper.png');
    const top = async (...options: string[]): Promise<string> => {
      const { out } = await run('inspect', paper, '--model', MODEL, '--json', ...options);
      return JSON.parse(out[0]).predictions[0].label;
    };
    expect(await top()).toBe('5');
    expect(await top('--invert', 'on')).toBe('5');
    const stats = async (image: string, ...options: string[]) => {
      const { out } = await run('inspect', image, '--model', file('every.onnx'), '--json', ...options);
      return JSON.stringify(JSON.parse(out[0]).layers[0]);
    };
    expect(await stats(paper, '--invert', 'off')).not.toBe(await stats(paper, '--invert', 'on'));
    const clear = file('clear.png');
    await sharp({ create: { width: 40, height: 20, channels: 4, background: '#00000000' } })
      .png()
      .toFile(clear);
    const outcomes = new Set<string>();
    for (const options of [
      ['--background', '#000000'],
      ['--background', '#777777'],
      ['--background', '#777777', '--invert', 'on'],
      ['--fit', 'letterbox', '--invert', 'off'],
      ['--fit', 'stretch', '--invert', 'off'],
    ]) {
      outcomes.add(await stats(clear, ...options));
    }
    expect(outcomes.size).toBe(5);
    expect(await stats(clear, '--fit', 'crop', '--invert', 'off')).toBe(
      await stats(clear, '--fit', 'stretch', '--invert', 'off'),
    );
  });

  it('reports width and height after orientation', async () => {
    const turned = file('turned.jpg');
    await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(turned);
    const { out } = await run('inspect', turned, '--model', MODEL, '--json');
    expect(JSON.parse(out[0]).input).toMatchObject({ file: turned, width: 20, height: 30, format: 'jpeg' });
  });
});

describe('summary', () => {
  it('--json prints one line with everything', async () => {
    const { code, out } = await run('summary', MODEL, '--json');
    expect([code, out.length]).toEqual([0, 1]);
    const report = JSON.parse(out[0]);
    expect(Object.keys(report)).toEqual(['model', 'about', 'without', 'layers', 'totals']);
    expect(report.totals).toEqual({ params: 61706, trainable: 61706, macs: 416520 });
    for (const layer of report.layers) {
      expect(Object.keys(layer)).toEqual(['name', 'kind', 'outputShape', 'params', 'macs', 'receptiveField']);
    }
    expect(report.layers[3]).toMatchObject({ kind: 'conv', outputShape: [16, 10, 10], receptiveField: [14, 14] });
  });

  it('takes a file, and prints a table', async () => {
    const { out } = await run('summary', file('every.onnx'));
    expect(out[0]).toBe('every.onnx: input 1 × 28 × 28');
    expect(out.some((line) => /^grouped +conv +4 × 28 × 28 +28 +18,816 +5 × 3$/.test(line))).toBe(true);
  });
});

describe('verify', () => {
  it('--json prints one line with everything', async () => {
    const { code, out } = await run('verify', file('every.onnx'), '--json');
    expect([code, out.length]).toEqual([0, 1]);
    const report = JSON.parse(out[0]);
    expect(Object.keys(report)).toEqual([
      'ok',
      'altered',
      'notFinite',
      'images',
      'top1Agreement',
      'layers',
      'preprocessing',
      'file',
    ]);
    expect(report).toMatchObject({ ok: true, images: 100, top1Agreement: 1 });
    expect(Object.keys(report.layers[0])).toEqual(['name', 'maxAbs', 'maxRel']);
    expect(report.layers).toHaveLength(18);
  });

  it('takes pictures of a folder, and says so where there are none', async () => {
    expect((await run('verify', MODEL, '--data', resource('samples'))).code).toBe(0);
    await expectError(1, /resources.models/, 'verify', MODEL, '--data', resource('models'));
    expect((await run('verify', 'shapes-cnn', '--data', 'builtin:shapes')).code).toBe(0);
    await expectError(1, 'nowhere', 'verify', MODEL, '--data', 'nowhere');
  });
});

describe('errors', () => {
  it('name what was found and expected, in one line, exit code 1', async () => {
    writeFileSync(file('empty.png'), '');
    writeFileSync(file('text.png'), 'text');
    writeFileSync(file('cut.png'), readFileSync(digit).subarray(0, 200));
    writeFileSync(file('huge.png'), png({ width: 65536, height: 65536, color: 0 }));
    writeFileSync(file('cut.onnx'), readFileSync(file('every.onnx')).subarray(0, 9000));
    const cases: [string, string][] = [
      ['absent.png', 'no such file'],
      ['empty.png', 'is empty'],
      ['text.png', 'found text, expected PNG, JPEG'],
      ['cut.png', 'the PNG picture is damaged or cut short'],
      ['huge.png', '65536 × 65536 pixels would take'],
      ['.', 'is a folder, expected a file'],
    ];
    for (const [name, message] of cases) await expectError(1, message, 'inspect', file(name), '--model', MODEL);
    await expectError(1, 'is not an ONNX model', 'summary', digit);
    await expectError(1, /cut\.onnx' is not an ONNX model/, 'summary', file('cut.onnx'));
    await expectError(1, "'gone.onnx': no such file", 'inspect', digit, '--model', 'gone.onnx');
    await expectError(1, /no bundled model is called 'nope' \(there are .*lenet5-mnist/, 'summary', 'nope');
    await expectError(1, 'cannot be written', 'inspect', digit, '--model', MODEL, '--out', join(digit, 'below'));
  });

  it('in usage have exit code 2', async () => {
    await expectError(2, 'found nothing, expected a command');
    await expectError(2, "found 'paint', expected a command (inspect, ", 'paint');
    await expectError(2, "missing required argument 'image'", 'inspect', '--model', MODEL);
    await expectError(2, "required option '--model", 'inspect', digit);
    await expectError(2, "unknown option '--flavor'", 'inspect', digit, '--model', MODEL, '--flavor', 'red');
    await expectError(
      2,
      "argument 'tile' is invalid. Allowed choices are letterbox, crop, stretch",
      ...['inspect', digit, '--model', MODEL, '--fit', 'tile'],
    );
    await expectError(2, 'Expected #rrggbb', 'inspect', digit, '--model', MODEL, '--background', 'chartreuse');
    await expectError(2, "option '--npy' needs '--out <dir>'", 'inspect', digit, '--model', MODEL, '--npy');
    await expectError(2, 'too many arguments', 'summary', MODEL, 'more');
  });

  it('--help and --version are none', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0, err: [] });
    for (const command of ['inspect', 'summary', 'verify']) {
      expect(help.out.join('\n')).toMatch(new RegExp(`^  ${command} `, 'm'));
      const own = await run(command, '--help');
      expect(own).toMatchObject({ code: 0, err: [] });
      expect(own.out.join('\n')).toMatch('--json');
    }
    expect((await run('--version')).out[0]).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('bin/convscope.js', () => {
  const bin = resource('..', 'bin', 'convscope.js');
  const node = (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [bin, ...argv], (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });

  it('ends by itself, with the exit code, and JSON as the last line', async () => {
    const { code, stdout } = await node('inspect', digit, '--model', MODEL, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split('\n').pop() as string).predictions[0].label).toBe('5');
    expect(await node('summary', 'nope')).toMatchObject({ code: 1, stdout: '' });
    expect(await node('summary')).toMatchObject({ code: 2, stdout: '' });
  });

  it('stops a picture that would take for ever, and ends', async () => {
    writeFileSync(file('bomb.svg'), nestedUse(9));
    const { code, stderr } = await node('inspect', file('bomb.svg'), '--model', MODEL);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').pop()).toMatch(/bomb\.svg': decoding took longer than 5 s and was stopped/);
  });
});
