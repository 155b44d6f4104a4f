/** `predict` on the command line: each picture of a folder, answered as `inspect` answers it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { resource } from '../../src/engine/system/root';
import sharp from '../../src/engine/image/sharp';
import { put } from '../engine/data-sets/pictures';

const root = mkdtempSync(join(tmpdir(), 'convscope-predict-'));
const folder = join(root, 'pictures');
const MODEL = 'lenet5-mnist';
const names = ['deeper/digit-3.png', 'digit-5.png', 'drawn dark.png', 'half.png'];

beforeAll(async () => {
  mkdirSync(join(folder, 'deeper'), { recursive: true });
  const sample = (name: string): string => resource('samples', name);
  cpSync(sample('digit-3.png'), join(folder, 'deeper', 'digit-3.png'));
  cpSync(sample('digit-5.png'), join(folder, 'digit-5.png'));
  const large = sharp(readFileSync(sample('digit-5.png')))
    .removeAlpha()
    .negate()
    .resize(200, 200);
  put(folder, 'drawn dark.png', await large.png().toBuffer());
  put(folder, 'half.png', readFileSync(sample('digit-3.png')).subarray(0, 120));
  put(folder, 'notes.txt', 'nothing to see');
});
afterAll(() => rmSync(root, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: string[][] = [[], []];
  let own = 0;
  const code = await main(argv, {
    print: (line) => void out.push(...line.split('\n')),
    warn: (line) => void err.push(line),
    setExitCode: (given) => void (own = given),
  });
  return { code: code || own, out, err };
}

interface Answer {
  file: string;
  predictions: { label: string; index: number; probability?: number; value?: number }[] | null;
  inverted: boolean;
  notSure: boolean | null;
  error: string | null;
}
const parsed = ({ out }: { out: string[] }): { model: string; sure: number; pictures: Answer[] } => {
  expect(out).toHaveLength(1);
  return JSON.parse(out[0]) as ReturnType<typeof parsed>;
};

it('answers every picture as inspect does, tells what it cannot read, and goes on', async () => {
  const said = await run('predict', folder, '--model', MODEL, '--json');
  expect(said.code).toBe(0);
  const { model, pictures } = parsed(said);
  expect(model).toBe(MODEL);
  expect(pictures.map(({ file }) => file)).toEqual(names);
  for (const { file, predictions, inverted, error } of pictures.slice(0, 3)) {
    const inspected = await run('inspect', join(folder, file), '--model', MODEL, '--json');
    const alone = JSON.parse(inspected.out[0]) as { predictions: object[]; input: { inverted: boolean } };
    expect({ predictions, inverted, error }, file).toEqual({
      predictions: alone.predictions.slice(0, 3),
      inverted: alone.input.inverted,
      error: null,
    });
  }
  expect(pictures.map(({ inverted }) => inverted)).toEqual([false, false, true, false]);
  expect(pictures[3]).toMatchObject({ predictions: null, notSure: null });
  expect(pictures[3].error).toContain('half.png');
  expect(said.err.join('\n')).toMatch(/left out: notes\.txt: .*\n.*half\.png/);
});

it('writes a line for each picture, and says which answers are not sure', async () => {
  const csv = join(root, 'answers', 'out.csv');
  const { pictures } = parsed(await run('predict', folder, '--model', MODEL, '--json'));
  const shares = pictures.flatMap(({ predictions }) => predictions?.[0].probability ?? []);
  const sure = String(shares.toSorted((a, b) => a - b)[1]);
  const { code, out } = await run('predict', folder, '--model', MODEL, '--csv', csv, '--sure', sure);
  expect(code).toBe(0);
  const [header, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
  expect(header).toBe('file,predicted,probability,second,second probability,third,third probability,not sure,error');
  for (const [i, { file, predictions }] of pictures.entries()) {
    const cells = lines[i].split(',');
    expect(cells[0]).toBe(file);
    const three = predictions?.flatMap(({ label, probability }) => [label, String(probability)]);
    expect(cells.slice(1, 7)).toEqual(three ?? Array(6).fill(''));
    const best = predictions?.[0].probability;
    expect(cells[7]).toBe(best === undefined ? '' : best < Number(sure) ? 'yes' : 'no');
  }
  // The threshold itself is sure.
  expect(lines.filter((line) => line.includes(',yes,'))).toHaveLength(1);
  expect(out.at(-1)).toContain(`3 of 4 pictures answered by ${MODEL}, 1 not sure`);
});

it('prints the least certain first', async () => {
  const { out } = await run('predict', folder, '--model', MODEL);
  const shares = out.slice(1, 4).map((line) => Number(/([\d.]+) %/.exec(line)![1]));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

it('takes one picture; refuses a folder without any, and what is not there', async () => {
  const digit = join(folder, 'digit-5.png');
  expect(parsed(await run('predict', digit, '--model', MODEL, '--json')).pictures).toMatchObject([
    { file: digit, error: null },
  ]);
  const empty = join(root, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'readme.md'), '');
  const refused = await run('predict', empty, '--model', MODEL);
  expect(refused).toMatchObject({ code: 1, out: [] });
  expect(refused.err.join()).toContain(`${empty}': no picture lies in it`);
  const missing = await run('predict', join(root, 'nowhere'), '--model', MODEL, '--json');
  expect([missing.code, parsed(missing).pictures[0].error]).toEqual([1, expect.stringContaining('nowhere')]);
  expect((await run('predict', digit, '--model', MODEL, '--sure', '2')).code).toBe(2);
});
