import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createLearner } from './learner';
import { rate } from './rate';

/**
 * Training runs of one thread each, in processes of their own: what two threads of one run are compared with.
 */
export class IndependentRuns {
  private constructor(private readonly children: readonly ChildProcess[]) {}

  /** Starts `count` processes of the command line's hidden benchmark mode. */
  static async start(net: string, batch: number, count: number): Promise<IndependentRuns> {
    const children = Array.from({ length: count }, () =>
      fork(process.argv[1], ['bench', '--independent', net, '--batch', String(batch)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    await Promise.all(children.map((child) => once(child, 'message')));
    return new IndependentRuns(children);
  }

  /** Lets all train at the same time. @returns their images per second, added up. */
  async rate(milliseconds: number): Promise<number> {
    const answers = this.children.map((child) => once(child, 'message') as Promise<[number]>);
    for (const child of this.children) child.send(milliseconds);
    return (await Promise.all(answers)).reduce((sum, [each]) => sum + each, 0);
  }

  async close(): Promise<void> {
    const ends = this.children.map((child) => once(child, 'exit'));
    for (const child of this.children) child.disconnect();
    await Promise.all(ends);
  }
}

/** The body of such a process: trains for as long as a message says, and answers with images per second. */
export async function serveIndependent(net: string, batch: number): Promise<void> {
  const learner = await createLearner(net, batch, 1);
  for (let i = 0; i < 3; i++) learner.train();
  process.on('message', (milliseconds: number) => {
    process.send?.(rate(() => learner.train(), batch, milliseconds));
  });
  process.send?.('ready');
  await once(process, 'disconnect');
  await learner.close();
}
