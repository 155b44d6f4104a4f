import { createHash } from 'node:crypto';
import { messageOf } from '../../src/words';
import { expect, it } from 'vitest';
import { read } from '../../src/fuzz/child';
import { KINDS, makeInputs, type Input, type Kind } from '../../src/fuzz/inputs';
import { FailureError } from '../../src/shared/failures';
import { scratch } from '../engine/train/helpers';

const folder = scratch();
process.env.CONVSCOPE_CACHE = `${folder}/cache`;
let inputOf: (kind: Kind, seed: number, index: number) => Input;
const thrower = (error: Error) => ({ thumbnail: () => Promise.reject(error) });

/** Networks have megabytes, which are slow to compare one by one. */
function digest({ name, bytes, beside }: Input): string {
  const hash = createHash('sha256').update(name).update(bytes);
  for (const file of beside) hash.update(file.name).update(file.bytes);
  return hash.digest('hex');
}

it('makes inputs from the seed and the number alone', async () => {
  inputOf = await makeInputs();
  const again = await makeInputs();
  for (const kind of KINDS) {
    // What was made before leaves the intact files as they were.
    for (let index = 0; index < 40; index++) inputOf(kind, 3, index);
    for (let index = 0; index < 20; index++)
      expect(digest(again(kind, 3, index)), `${kind} ${index}`).toBe(digest(inputOf(kind, 3, index)));
    expect(digest(inputOf(kind, 4, 5))).not.toBe(digest(inputOf(kind, 3, 5)));
  }
});

it('takes a failure in words for a refusal, and every other error for a fault', async () => {
  const outcome = async (error: Error): Promise<string> =>
    (await read('pictures', inputOf('pictures', 1, 1), folder, thrower(error))).outcome;
  expect(await outcome(new FailureError('file.empty', { file: 'a' }))).toBe('refused');
  expect(await outcome(new FailureError('internal', { reason: messageOf('x') }))).toBe('fault');
  expect(await outcome(new RangeError('Invalid array length'))).toBe('fault');
});

it.each(['onnx', 'foreign', 'arrays', 'archives'] as const)('reads 60 broken inputs of the kind %s', async (kind) => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 60; index++) {
    const { outcome, what } = await read(kind, inputOf(kind, 11, index), `${folder}/${kind}`, thrower(new Error()));
    expect(outcome, `${kind} ${index}: ${what}`).not.toBe('fault');
    outcomes.add(outcome);
  }
  expect(outcomes).toContain('refused');
  expect(outcomes).toContain('taken');
});
