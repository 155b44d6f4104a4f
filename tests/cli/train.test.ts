/** The command line as people call it: processes, signals, exit codes, what is printed where. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { describeWithData, sharedData } from '../shared-data';
import { scratch } from '../engine/train/helpers';

const project = fileURLToPath(new URL('../..', import.meta.url));
const root = scratch();
process.env.CONVSCOPE_CACHE = join(root, 'cache');
/** Milliseconds for a test that starts process after process, each of which trains: a busy machine takes ten times as long as an idle one. */
const PROCESSES = 240_000;
const tiny = join(root, 'tiny.json');

/** The built command line, without the look at whether it is up to date. */
const program = [
  '-e',
  `require(${JSON.stringify(join(project, 'out', 'main', 'cli.js'))}).main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`,
  '--',
];

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'scripts', 'build.mjs')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
  const layers = [
    { kind: 'conv', filters: 4, kernel: 5, stride: 2 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.1 },
    { kind: 'dense', units: 16 },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'dense', units: 5 },
  ];
  writeFileSync(tiny, JSON.stringify({ input: { height: 28, width: 28, channels: 1 }, layers }));
}, 300_000);

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** @param watch may kill it; called with everything on standard error so far. */
function convscope(words: string[], watch?: (child: ChildProcess, err: string) => void): Promise<Ended> {
  const child = spawn(process.execPath, [...program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    watch?.(child, err);
  });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out, err })));
}

const settings = ['--epochs', '3', '--lr', '0.01', '--augment', 'shift=2', '--log-every', '10'];
const training = (out: string, ...more: string[]): string[] => [
  'train',
  '--data',
  'builtin:shapes',
  '--model',
  tiny,
  '--out',
  out,
  ...settings,
  ...more,
];
const bytes = (run: string, file: string): Buffer => readFileSync(join(run, file));
const timeless = (run: string): unknown[] =>
  bytes(run, 'metrics.jsonl')
    .toString()
    .trim()
    .split('\n')
    .map((line) => ({ ...(JSON.parse(line) as object), seconds: 0, imagesPerSecond: 0 }));

function expectSame(run: string, whole: string): void {
  for (const file of ['model.onnx', 'checkpoint.safetensors'])
    expect(bytes(run, file).equals(bytes(whole, file)), file).toBe(true);
  expect(timeless(run)).toEqual(timeless(whole));
}

describe('convscope train', { timeout: PROCESSES }, () => {
  const whole = join(root, 'whole');
  let result: Record<string, unknown> = {};

  it('prints one JSON object on one line at the end, people’s lines on standard error', async () => {
    const { code, out, err } = await convscope(training(whole, '--json'));
    expect(code, err).toBe(0);
    expect(out.trim().split('\n').length).toBe(1);
    result = JSON.parse(out) as typeof result;
    const share = {
      train: expect.any(Number) as number,
      validation: expect.any(Number) as number,
      test: expect.any(Number) as number,
    };
    expect(result).toEqual({
      accuracy: share,
      loss: share,
      epochs: 3,
      seconds: expect.any(Number) as number,
      imagesPerSecond: expect.any(Number) as number,
      parameters: 104 + 36 * 4 * 16 + 16 + 64 + 85,
    });
    expect((result.accuracy as { test: number }).test).toBeGreaterThan(0.6);
    expect(err).toContain('epoch 3 of 3: training loss');
  });

  it('killed with SIGKILL over and over, ends with the same bits', async () => {
    const run = join(root, 'killed');
    const checkpoint = (): number =>
      statSync(join(run, 'checkpoint.safetensors'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    let kills = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      const before = checkpoint();
      const quick = kills < 6 ? ['--checkpoint-every', '0.01'] : [];
      let timer: NodeJS.Timeout | undefined;
      const watch = (child: ChildProcess, err: string): void => {
        if (timer || kills >= 6 || !err.includes('images for training')) return;
        // Twice at any moment of the start; then some time after its first checkpoint, so that the run gets on.
        let waited = 0;
        timer = setInterval(() => {
          waited += 5;
          if (attempt < 2 ? waited > 150 * attempt : checkpoint() !== before && Math.random() < 0.15)
            child.kill('SIGKILL');
        }, 5);
      };
      const { code, signal, err } = await convscope(training(run, '--resume', ...quick), watch);
      clearInterval(timer);
      if (signal === 'SIGKILL') kills++;
      else {
        expect(code, err).toBe(0);
        break;
      }
    }
    expect(kills).toBeGreaterThan(3);
    expectSame(run, whole);
    expect(readdirSync(run).length).toBe(4);
  });

  it('left by Ctrl-C, resumes to the same bits', async () => {
    const run = join(root, 'interrupted');
    let asked = false;
    const left = await convscope(training(run), (child, err) => {
      if (!asked && err.includes('epoch 1 of 3')) asked = child.kill('SIGINT');
    });
    expect(left.code, left.err).toBe(130);
    expect(left.err).toContain(`interrupted; go on with: convscope train --resume --out ${run}`);
    const again = await convscope(['train', '--resume', '--out', run, '--json']);
    expect(again.code, again.err).toBe(0);
    expect(again.err).toContain('resumes after update');
    expect(JSON.parse(again.out)).toMatchObject({ accuracy: result.accuracy, loss: result.loss, epochs: 3 });
    expectSame(run, whole);
    const finished = await convscope(['train', '--resume', '--out', run, '--json']);
    expect([finished.code, JSON.parse(finished.out)]).toEqual([0, JSON.parse(again.out)]);
  });

  it('ends when it is told to while it reads the data, which it says, and on a pipe in place of data by itself', async () => {
    const [data, run] = [join(root, 'many'), join(root, 'unread')];
    for (const name of ['a', 'b']) mkdirSync(join(data, name), { recursive: true });
    const picture = await sharp({ create: { width: 2000, height: 1500, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    writeFileSync(join(data, 'a', '0.png'), picture);
    for (const name of ['a', 'b'])
      for (let i = 1; i < 200; i++) linkSync(join(data, 'a', '0.png'), join(data, name, `${i}.png`));
    const words = ['train', '--data', data, '--model', tiny, '--out', run];
    let told = 0;
    const left = await new Promise<Ended>((resolve) => {
      let err = '';
      const child = spawn(process.execPath, [...program, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.on('close', (code, signal) => resolve({ code, signal, out: '', err }));
      const timer = setInterval(() => {
        if (!existsSync(join(run, 'asked.json'))) return; // not reading yet
        clearInterval(timer);
        told = performance.now();
        child.kill('SIGTERM');
      }, 20);
    });
    expect(performance.now() - told).toBeLessThan(10_000);
    expect([left.code, left.signal], left.err).toEqual([null, 'SIGTERM']);
    expect(left.err).toContain('interrupted before anything was trained');
    expect(left.err).toContain(`go on with: convscope train --resume --out ${run}`);

    const pipe = join(root, 'pipe');
    if (spawnSync('mkfifo', [pipe]).status !== 0) return console.warn('skipped: no named pipes here');
    for (const where of [
      ['--data', pipe, '--model', tiny],
      ['--data', 'builtin:shapes', '--model', pipe],
    ])
      expect(await convscope(['train', ...where, '--out', run])).toMatchObject({ code: 1, signal: null });
  });

  it('shows a line with images per second and time left while it works', async () => {
    // A terminal is what `script` makes; without one, lines come seconds apart.
    const { stdout, error } = spawnSync(
      'script',
      [
        '-qec',
        [process.execPath, ...program, ...training(join(root, 'shown'), '--epochs', '1')]
          .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
          .join(' '),
        '/dev/null',
      ],
      { encoding: 'utf8' },
    );
    if (error) return console.warn('skipped: no `script` to make a terminal with');
    const shown = stdout.replaceAll('\u001b[K', '');
    expect(shown).toMatch(/\repoch 1\/1 \d+ %, loss [\d.]+, accuracy [\d.]+ %, [\d,]+ images\/s, \d+:\d\d left/);
  });

  it('a full disk is one line, and loses nothing', async () => {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    // Room for the first checkpoint (three copies of the weights) but not for a second one beside it.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', disk]).status !== 0)
      return console.warn('skipped: a full disk (only root may mount one)');
    try {
      const run = join(disk, 'run');
      const { code, err } = await convscope(training(run));
      expect(code).toBe(1);
      const lines = err.trim().split('\n');
      expect(lines[lines.length - 1]).toMatch(
        /^convscope: '.*(checkpoint\.safetensors|model\.onnx|metrics\.jsonl|run\.json)' cannot be written: no space left on device$/,
      );
      expect(readdirSync(run).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect(spawnSync('mount', ['-o', 'remount,size=10m', disk]).status).toBe(0);
      const again = await convscope(['train', '--resume', '--out', run]);
      expect(again.code, again.err).toBe(0);
      expectSame(run, whole);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it(
    'proposes network and settings where none are named, keeps what is given, and resumes with them',
    async () => {
      const data = join(root, 'photos');
      for (const [name, red] of [
        ['a', 200],
        ['b', 20],
      ] as const) {
        mkdirSync(join(data, name), { recursive: true });
        for (let i = 0; i < 6; i++)
          await sharp({ create: { width: 40, height: 40, channels: 3, background: { r: red, g: 9 * i, b: 0 } } })
            .png()
            .toFile(join(data, name, `${i}.png`));
      }
      const run = join(root, 'proposed');
      const words = ['train', '--data', data, '--out', run];
      const { code, out, err } = await convscope([...words, '--epochs', '1', '--json']);
      expect(code, err).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ proposed: ['model', 'batch', 'patience', 'validation', 'augment'] });
      expect(err).toContain('network and settings are proposed');
      expect(err).toContain('too few for a network that starts from random weights');
      const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as Record<string, unknown>;
      expect(record).toMatchObject({ model: 'photo-cnn', options: { epochs: 1, batch: 8 } });
      expect(record.spec).toMatchObject({ input: { height: 32, width: 32, channels: 3 } });
      // The longer run is the same, bit for bit, whether it was begun with the proposal or resumed.
      const straight = join(root, 'proposed-2');
      expect((await convscope(['train', '--data', data, '--out', straight, '--epochs', '2'])).code).toBe(0);
      expect((await convscope(['train', '--resume', '--out', run, '--epochs', '2'])).code).toBe(0);
      expect(readFileSync(join(run, 'model.onnx')).equals(readFileSync(join(straight, 'model.onnx')))).toBe(true);
    },
    PROCESSES,
  );

  it.each([
    [
      ['train', '--out', 'x', '--data', 'builtin:shapes', '--init', 'shapes-cnn'],
      2,
      "option '--model' is needed beside",
    ],
    [['train', '--out', 'x', '--resume', '--size', '64'], 2, "'--size' is of a new run"],
    [['train', '--out', 'x', '--data', 'builtin:shapes', '--size', '48'], 2, 'Allowed choices are 28, 32, 64'],
    [['train', '--data', 'builtin:shapes', '--model', 'shapes-cnn'], 2, '--out'],
    [['train', '--out', 'x', '--resume', '--overwrite'], 2, 'exclude each other'],
    [['train', '--out', 'x', '--resume', '--threads', '0'], 2, '--threads'],
    [['train', '--out', 'x', '--resume', '--epochs', 'many'], 2, '--epochs'],
    [training('x', '--optimizer', 'adma'), 1, "optimizer: found 'adma', expected one of adam, adamw, sgd"],
    [training('x', '--schedule', 'linear'), 1, 'schedule'],
    [
      ['train', '--out', 'x', '--model', 'resnet', '--data', 'builtin:shapes'],
      1,
      "no bundled model is called 'resnet'",
    ],
    [['train', '--out', 'x', '--resume'], 1, "'x': holds no run to resume"],
    [['evaluate', '--model', 'shapes-cnn', '--data', 'nowhere'], 1, "'nowhere': no such file"],
    [['evaluate', '--model', 'shapes-cnn', '--data', 'builtin:shapes', '--engine', 'torch'], 2, '--engine'],
    [
      ['evaluate', '--model', 'shapes-cnn', '--data', 'builtin:shapes', '--part', 'validation'],
      1,
      'has no validation split',
    ],
    [['export', 'nowhere', '--out', 'x.onnx'], 1, "no bundled model is called 'nowhere'"],
    [['compare', 'shapes-cnn', '--data', 'builtin:shapes'], 2, 'expected two or more'],
    [['compare', 'shapes-cnn', 'colors-cnn', '--data', 'builtin:shapes'], 1, "'colors-cnn' knows 6 others"],
  ])('%j ends with %d and one line', async (words, code, message) => {
    const [out, err]: string[][] = [[], []];
    expect(
      await main(words, {
        print: (line) => out.push(line),
        warn: (line) => err.push(line),
        setExitCode: () => undefined,
      }),
      err.join(),
    ).toBe(code);
    expect([out.length, err.length]).toEqual([0, 1]);
    expect(err[0]).toMatch(/^convscope: [^\n]*$/);
    expect(err[0]).toContain(message);
  });

  it('writes and evaluates what others read: evaluate, export, verify, compare', async () => {
    const file = join(root, 'exported', 'shapes.onnx');
    const exported = await convscope(['export', whole, '--out', file]);
    expect(exported.code, exported.err).toBe(0);
    expect(readFileSync(file).equals(bytes(whole, 'model.onnx'))).toBe(true);
    const verified = await convscope(['verify', file, '--json']);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, top1Agreement: 1 });

    const evaluations = [];
    for (const engine of ['core', 'onnxruntime']) {
      const { code, out, err } = await convscope([
        'evaluate',
        '--model',
        file,
        '--data',
        'builtin:shapes',
        '--engine',
        engine,
        '--json',
      ]);
      expect(code, err).toBe(0);
      evaluations.push(
        JSON.parse(out) as {
          accuracy: number;
          loss: number;
          perClass: { label: string; images: number; accuracy: number }[];
          confusion: number[][];
          images: number;
        },
      );
    }
    const [core, runtime] = evaluations;
    const accuracy = (result.accuracy as { test: number }).test;
    expect([core.accuracy, runtime.accuracy]).toEqual([accuracy, accuracy]);
    expect(core.loss).toBeCloseTo((result.loss as { test: number }).test, 5);
    expect(runtime.loss).toBeCloseTo(core.loss, 4);
    expect(runtime.confusion).toEqual(core.confusion);
    expect(core.images).toBe(1000);
    expect(core.confusion.map((row) => row.reduce((a, b) => a + b))).toEqual([200, 200, 200, 200, 200]);
    expect(core.confusion.reduce((sum, row, i) => sum + row[i], 0)).toBe(Math.round(accuracy * 1000));
    expect(core.perClass.map(({ label }) => label)).toEqual(['ellipse', 'rectangle', 'triangle', 'diamond', 'line']);
    core.perClass.forEach(({ accuracy: share, images }, i) => expect(share).toBe(core.confusion[i][i] / images));

    const compared = await convscope(['compare', whole, 'shapes-cnn', '--data', 'builtin:shapes', '--json']);
    const { runs, pairs, all, some, none } = JSON.parse(compared.out) as {
      runs: Record<string, number>[];
      pairs: Record<string, number>[];
      all: number;
      some: number;
      none: number;
    };
    expect(runs[0]).toMatchObject({
      accuracy,
      parameters: result.parameters,
      macs: 25 * 4 * 144 + 144 * 16 + 80,
      seconds: result.seconds,
    });
    expect(runs[1]).toMatchObject({ seconds: null });
    const [{ both, one, onlyA, onlyB, neither }] = pairs;
    expect([both + onlyA, both + onlyB, onlyA + onlyB, both + one + neither]).toEqual([
      Math.round(accuracy * 1000),
      Math.round(runs[1].accuracy * 1000),
      one,
      1000,
    ]);
    expect([all, some, none]).toEqual([both, one, neither]);
    expect(onlyB).toBeGreaterThan(0);
  });

  it('says what was left out, and where classes are taken by their order', async () => {
    const folder = join(root, 'other names');
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'drawn.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    }
    writeFileSync(join(folder, 'a', 'notes.txt'), 'notes');
    const order =
      "'other names' has other classes than 'shapes-cnn' knows; they are matched by their order: 'a' is 'ellipse'";
    for (const words of [
      ['evaluate', '--model', 'shapes-cnn'],
      ['compare', 'shapes-cnn', 'shapes-cnn'],
    ]) {
      const { code, out, err } = await convscope([...words, '--data', folder, '--json']);
      expect(code, err).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ images: 5 });
      expect(err.replaceAll(folder, 'other names')).toContain(order);
      expect(err).toContain('left out: a/notes.txt: its name is not that of a picture');
    }
    // Numbers from 1 on, fewer than there are names: places counted from 0.
    for (const name of ['1', '2']) {
      mkdirSync(join(root, 'numbers', name), { recursive: true });
      writeFileSync(
        join(root, 'numbers', name, 'drawn.svg'),
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      );
    }
    const { err } = await convscope(['evaluate', '--model', 'shapes-cnn', '--data', join(root, 'numbers'), '--json']);
    expect(err).toContain("they are matched by their order: '1' is 'rectangle', '2' is 'triangle'");
  });
});

describeWithData('photos', ['cats-dogs'], () => {
  it(
    'fits 272 sizes to a bundled network’s size and colors, and says what it changed',
    async () => {
      const run = join(root, 'of-photos');
      const { code, out, err } = await convscope([
        'train',
        '--data',
        sharedData('cats-dogs'),
        '--model',
        'colors-cnn',
        '--epochs',
        '1',
        '--out',
        run,
        '--json',
      ]);
      expect(code, err).toBe(0);
      expect(err).toContain("dense layer 'dense2' has 2 units instead of 6, one per class");
      expect(err).toContain('left out: SOURCE.txt');
      expect(JSON.parse(out)).toMatchObject({
        accuracy: { test: null, validation: expect.any(Number) as number },
        loss: { test: null },
      });
      expect(statSync(join(run, 'model.onnx')).size).toBeGreaterThan(1000);
    },
    PROCESSES,
  );
});
