import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { table } from '../../src/cli/table';
import { writeModel } from '../../src/core/onnx/write';
import { shown } from '../../src/renderer/src/client';
import { printable, printableIn, printableLines } from '../../src/words/printable';
import type { Client } from '../../src/shared/protocol';
import { say, sentence } from '../../src/words';
import { plain } from '../engine/data-sets/pictures';
import { lenet } from '../engine/models';

const HOSTILE = 'cat\u001b]0;owned\u0007\u009b2J\u202egnp.\nforged';
const SEEN = 'cat\\u001b]0;owned\\u0007\\u009b2J\\u202egnp.\\u000aforged';
// eslint-disable-next-line no-control-regex
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

const folder = mkdtempSync(join(tmpdir(), 'convscope-printable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  await main(argv, { print: (line) => out.push(line), warn: (line) => err.push(line), setExitCode: () => undefined });
  return { out: out.join('\n'), err: err.join('\n') };
}

describe('texts from files', () => {
  it('are shown with their control characters, marks of direction and breaks visible', () => {
    expect(printable(HOSTILE)).toBe(SEEN);
    expect(printable('猫 🐾👨‍👩‍👧 é \\n')).toBe('猫 🐾👨‍👩‍👧 é \\n');
    expect(printable('a\u200b')).toBe('a\\u200b'); // another class than 'a'
    expect([' a', 'a', 'a\u00a0'].map(printable)).toEqual(['\\u0020a', 'a', 'a\\u00a0']);
    expect(table([' a'], [['a ']])).toMatch(/\\u0020a[^]*a\\u0020/);
    expect(sentence(say('file.missing', { file: HOSTILE }))).toBe(`'${SEEN}': no such file`);
  });

  it('stay the same in JSON', () => {
    const json = JSON.stringify({ label: HOSTILE });
    expect(printableLines(json)).not.toMatch(RAW);
    expect(JSON.parse(printableLines(json))).toEqual({ label: HOSTILE });
  });

  it('are visible in what the window gets, which is left alone otherwise', async () => {
    const plain = { labels: ['a'], data: new Float32Array(2) };
    expect(printableIn(plain)).toBe(plain);
    const answer = { labels: [HOSTILE], data: plain.data, none: null };
    const client = {
      call: () => Promise.resolve(answer),
      on: () => () => undefined,
      folders: null,
    } as unknown as Client;
    expect(await shown(client).call('runs', {})).toEqual({ ...answer, labels: [SEEN] });
  });

  it.skipIf(process.platform === 'win32')('command no terminal, whichever command prints them', async () => {
    const model = lenet();
    const labels = model.metadata.labels.map((label, i) => (i === 0 ? HOSTILE : label));
    const file = join(folder, `${HOSTILE}.onnx`);
    writeFileSync(file, writeModel({ ...model, metadata: { ...model.metadata, labels } }));
    const data = join(folder, 'data');
    for (const name of [HOSTILE, 'dog']) {
      mkdirSync(join(data, name), { recursive: true });
      writeFileSync(join(data, name, `${HOSTILE}.png`), name === 'dog' ? await plain(9, 9, 9) : 'no picture');
    }
    for (const argv of [
      ['summary', file],
      ['summary', file, '--json'],
      ['summary', `${HOSTILE}.onnx`],
      ['evaluate', '--model', file, '--data', data],
      ['train', '--data', data, '--model', 'lenet5-mnist', '--out', join(folder, 'run')],
      [HOSTILE],
    ]) {
      const { out, err } = await run(...argv);
      expect(out + err).toContain('cat\\u001b]0;owned');
      expect(out + err).not.toMatch(RAW);
      expect((out + err).split('\n').filter((line) => line.startsWith('forged'))).toEqual([]);
    }
  });
});
