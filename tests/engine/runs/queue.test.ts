import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Runs } from '../../../src/engine/runs/runs';
import type { Events, EventName } from '../../../src/shared/protocol';
import type { DataInfo } from '../../../src/shared/data-sets';
import type { RunRequest } from '../../../src/shared/runs';
import { makeSpots, ownDataFolder } from './engine';

const root = ownDataFolder();

it('goes on with the next run where telling of the one that ended fails', async () => {
  const path = join(root, '..', 'spots');
  makeSpots(path);
  const data: DataInfo = { id: 'spots', name: 'spots', kind: 'folder', path, present: true };
  const runs = new Runs({ find: async () => data, whereNow: async () => data });
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const told: string[] = [];
  const fault = new Error('the port is closed');
  const second = new Promise<void>((resolve) => {
    runs.tell({
      signal: new AbortController().signal,
      emit: <E extends EventName>(event: E, payload: Events[E]) => {
        if (event !== 'run') return;
        const { title, state } = (payload as Events['run']).run;
        if (state !== 'finished') return;
        told.push(title);
        if (title === 'first') throw fault;
        resolve();
      },
    } as Parameters<Runs['tell']>[0]);
  });
  const request = (title: string): RunRequest => ({
    title,
    data: 'spots',
    network: { source: { kind: 'bundled', id: 'lenet5-mnist' }, variant: 'itself' },
    options: { epochs: 1, batch: 32 },
  });
  await runs.start(request('first'));
  expect((await runs.start(request('second'))).state).toBe('queued');
  await second;
  expect(told).toEqual(['first', 'second']);
  expect(logged).toHaveBeenCalledWith(fault);
  logged.mockRestore();
}, 30_000);
