import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startTask, WorkEnded } from '../../../src/engine/work/work';
import type { TrainRequest } from '../../../src/engine/train/request';
import { say, type Message } from '../../../src/words';

/** Work processes that behave as badly as real ones can; the built one is tested in `runs.test.ts`. */
const folder = mkdtempSync(join(tmpdir(), 'convscope-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** `answer` is what the process does when its task is here. */
function start(answer: string, orders = ''): ReturnType<typeof startTask<'train'>> & { heard: unknown[] } {
  const file = join(folder, `work-${count++}.cjs`);
  writeFileSync(
    file,
    `const say = (message) => process.send(message);
    process.on('message', (message) => {
      if (message.kind === 'start') { ${answer} }
      ${orders}
    });
    say({ kind: 'ready' });`,
  );
  const heard: unknown[] = [];
  const request = { out: 'here' } as TrainRequest;
  const watcher = {
    progress: (...progress: unknown[]) => heard.push(progress),
    say: (message: Message) => heard.push(message),
    news: (news: unknown) => heard.push(news),
  };
  return { ...startTask('train', request, watcher, file), heard };
}

describe('a work process', () => {
  it('tells how it goes, in order, and its result comes with memory of its own', async () => {
    const work = start(`say({ kind: 'say', message: { code: 'train.anew', values: {} } });
      say({ kind: 'progress', done: 1, total: 2, phase: null });
      say({ kind: 'result', result: { end: 'finished', list: [new Float32Array([1, 2])] } });
      process.disconnect();`);
    const result = (await work.result) as unknown as { list: Float32Array[] };
    expect(work.heard).toEqual([say('train.anew'), [1, 2, null]]);
    expect(result.list[0]).toEqual(new Float32Array([1, 2]));
    expect(result.list[0].buffer.byteLength).toBe(8);
  });

  it('hands its failure over as it is', async () => {
    const failure = { code: 'file.missing', values: { file: 'x' }, message: '' };
    const work = start(`say({ kind: 'failure', failure: ${JSON.stringify(failure)} }); process.disconnect();`);
    await expect(work.result).rejects.toMatchObject({ code: 'file.missing', message: "'x': no such file" });
  });

  it('that ends without a word fails and says how', async () => {
    const killed = start(`process.kill(process.pid, 'SIGKILL');`);
    await expect(killed.result).rejects.toThrow('the work process ended with SIGKILL');
    await expect(killed.result).rejects.toBeInstanceOf(WorkEnded);
    await expect(start('process.exit(3);').result).rejects.toThrow('ended with code 3');
  });

  it('stops when asked to; one that does not is killed after its grace', async () => {
    const polite = start(
      '',
      `if (message.kind === 'cancel') { say({ kind: 'result', result: 'kept' }); process.disconnect(); }`,
    );
    polite.cancel();
    // Asked before it was there: nothing is lost.
    expect(await polite.result).toBe('kept');
    const deaf = start(`for (;;);`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    deaf.cancel(0.1);
    await expect(deaf.result).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('hears orders', async () => {
    const work = start(
      '',
      `if (message.kind === 'order') { say({ kind: 'result', result: message.order }); process.disconnect(); }`,
    );
    work.order('pause');
    expect(await work.result).toBe('pause');
  });
});
