import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { EngineHost } from '../../../src/engine/worker/host';
import type { EventName, Events } from '../../../src/shared/protocol';
import { idx } from '../data/make';
import type { FirstFilters, MetricsLine, RunInfo, RunState } from '../../../src/shared/runs';

/** A data folder of the app's that is gone after the tests of the file; engines, and what they train, take it from the environment. */
export function ownDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-runs-'));
  process.env.CONVSCOPE_DATA = join(folder, 'data');
  process.env.CONVSCOPE_CACHE = join(folder, 'cache');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return process.env.CONVSCOPE_DATA;
}

/** The built engine in its worker thread, as a host holds it, and what it tells. */
export class Held {
  readonly events: { event: EventName; payload: unknown }[] = [];
  private readonly waiting = new Set<() => void>();
  readonly host = new EngineHost({ open: { model: null, image: null } }, (event, payload) => {
    this.events.push({ event, payload });
    for (const look of [...this.waiting]) look();
  });
  call = this.host.call.bind(this.host);
  private closed: Promise<void> | null = null;
  close = (): Promise<void> => (this.closed ??= this.host.close());

  of<E extends EventName>(event: E): Events[E][] {
    return this.events.flatMap((each) => (each.event === event ? [each.payload as Events[E]] : []));
  }
  states(run: string): RunState[] {
    const all = this.of('run').flatMap((each) => (each.run.id === run ? [each.run.state] : []));
    return all.filter((state, i) => state !== all[i - 1]);
  }
  lines(run: string): MetricsLine[] {
    return this.of('metrics').flatMap((each) => (each.run === run ? each.lines : []));
  }
  filters(run: string): FirstFilters[] {
    return this.of('filters').flatMap((each) => (each.run === run ? [each.filters] : []));
  }

  /** The first of the events, past and to come, that holds. */
  until<T>(find: () => T | null | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (!found) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }
  /** The newest word on a run, as soon as it has come to one of the states. */
  reached(run: string, ...states: RunState[]): Promise<RunInfo> {
    return this.until(() => {
      const last = this.of('run').findLast((each) => each.run.id === run);
      return last && states.includes(last.run.state) && last.run;
    });
  }
}

const held = new Set<Held>();
export function open(): Held {
  const engine = new Held();
  held.add(engine);
  return engine;
}
afterEach(async () => {
  await Promise.all([...held].map((engine) => engine.close()));
  held.clear();
});

/** 120 pictures of 8 × 8, bright spots on noise, in three classes, as idx files: enough to train on, read and learned in no time. */
export function makeSpots(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const count = 120;
  const pixels = new Uint8Array(count * 64);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < 64; p++) pixels[i * 64 + p] = (i * 73 + p * 151 + ((i * p) % 13) * 17) % 90;
    const place = (labels[i] >> 1) * 4 * 8 + (labels[i] & 1) * 4 + 9;
    for (const step of [0, 1, 8, 9]) pixels[i * 64 + place + step] = 110 + ((i * 37) % 140);
  }
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idx([count, 8, 8], pixels));
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idx([count], labels));
}
