import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lock } from '../../../src/engine/train/lock';
import { npy, npz, pattern } from '../data/make';
import { quietTrain, scratch } from './helpers';

const root = scratch();
let folders = 0;
function folder(): string {
  const path = join(root, `run${folders++}`);
  mkdirSync(path);
  return path;
}
const held = /is training in it/;

/** A process that lives until it is killed, and its id. */
async function living(): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('the lock of a run', () => {
  it('keeps others out until it is given free', async () => {
    const path = folder();
    const release = await lock(path, join(path, '.lock'));
    await expect(lock(path, join(path, '.lock'))).rejects.toThrow(new RegExp(`process ${process.pid} is training`));
    await release();
    expect(readdirSync(path)).toEqual([]);
    await (
      await lock(path, join(path, '.lock'))
    )();
  });

  it('goes to exactly one of many who want it at the same time, also over a dead one', async () => {
    for (const before of [null, JSON.stringify({ pid: 2 ** 22 + 1, started: '1' })]) {
      const path = folder();
      if (before) writeFileSync(join(path, '.lock'), before);
      const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lock(path, join(path, '.lock'))));
      expect(tried.filter(({ status }) => status === 'fulfilled').length).toBe(1);
      for (const each of tried) if (each.status === 'rejected') expect(String(each.reason)).toMatch(held);
    }
  });

  it('is taken over from a process that was killed, not from one that lives', async () => {
    const path = folder();
    const file = join(path, '.lock');
    const other = await living();
    writeFileSync(file, JSON.stringify({ pid: other.pid }));
    await expect(lock(path, file)).rejects.toThrow(`process ${other.pid} is training in it`);
    await other.kill();
    const release = await lock(path, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await release();
  });

  it.runIf(process.platform === 'linux')('is not mistaken where an id was given again', async () => {
    const path = folder();
    const other = await living();
    writeFileSync(join(path, '.lock'), JSON.stringify({ pid: other.pid, started: '1' }));
    await (
      await lock(path, join(path, '.lock'))
    )();
    await other.kill();
  });

  it('an empty one is somebody’s for a moment only', async () => {
    const path = folder();
    const file = join(path, '.lock');
    writeFileSync(file, '');
    await expect(lock(path, file)).rejects.toThrow('another process is training in it');
    utimesSync(file, new Date(), new Date(Date.now() - 60_000));
    await (
      await lock(path, file)
    )();
    expect(existsSync(file)).toBe(false);
  });

  it('keeps a second training out of the folder, begun or resumed, and does not stay behind', async () => {
    process.env.CONVSCOPE_CACHE = join(root, 'cache');
    const spec = join(root, 'tiny.json');
    writeFileSync(
      spec,
      JSON.stringify({
        input: { height: 8, width: 8, channels: 1 },
        layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }],
      }),
    );
    const images = npy('|u1', [40, 8, 8], pattern(40 * 64));
    const labels = npy(
      '|u1',
      [40],
      Uint8Array.from({ length: 40 }, (_, i) => i % 2),
    );
    writeFileSync(join(root, 'set.npz'), npz({ images, labels }));
    const out = join(root, 'twice');
    const request = { out, data: join(root, 'set.npz'), model: spec, options: { epochs: 1 } };
    const other = await living();
    const own = JSON.stringify({ pid: other.pid });
    mkdirSync(out);
    writeFileSync(join(out, '.lock'), own);
    await expect(quietTrain(request)).rejects.toThrow(held);
    expect(readdirSync(out)).toEqual(['.lock']);
    await other.kill();
    await quietTrain(request);
    expect(readdirSync(out)).not.toContain('.lock');
    const again = await living();
    writeFileSync(join(out, '.lock'), JSON.stringify({ pid: again.pid }));
    await expect(quietTrain({ ...request, overwrite: true })).rejects.toThrow(held);
    const more = { out, resume: true, options: { epochs: 2 } };
    await expect(quietTrain(more)).rejects.toThrow(held);
    await again.kill();
    expect((await quietTrain(more)).record.result?.epochs).toBe(2);
    expect(readdirSync(out)).not.toContain('.lock');
  });
});
