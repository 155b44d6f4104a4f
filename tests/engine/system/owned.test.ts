import { expect, it, vi } from 'vitest';
import { owned } from '../../../src/engine/system/owned';

it('gives what came from another process memory of its own, without a word on the terminal', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const whole = new ArrayBuffer(1024);
  const came = {
    bytes: Buffer.from(whole, 8, 4),
    floats: [new Float32Array(whole, 16, 2)],
    name: 'a',
    nothing: null,
  };
  const mine = owned(came);
  expect([mine.bytes.length, mine.bytes.buffer.byteLength]).toEqual([4, 4]);
  expect(mine.floats[0]).toEqual(new Float32Array(2));
  expect(mine.floats[0].buffer.byteLength).toBe(8);
  expect([mine.name, mine.nothing]).toEqual(['a', null]);
  expect(warned).not.toHaveBeenCalled();
});
