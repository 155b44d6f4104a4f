import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../../shared/protocol';
import type { FirstFilters, MetricsLine, RunInfo } from '../../../shared/training';

export const [useRuns, provideRuns] = createContext<Runs>();

/** Every run that the engine knows, as it moves on: what the Train and Compare screens share. */
export class Runs {
  /** Newest first; null before the engine has answered. */
  list = $state.raw<readonly RunInfo[] | null>(null);
  /** First layer's filters of runs that train, as they change. */
  readonly filters = new SvelteMap<string, FirstFilters>();
  readonly #metrics = new SvelteMap<string, readonly MetricsLine[]>();
  readonly #asked = new Set<string>();

  constructor(readonly client: Client) {
    client.on('run', ({ run }) => this.put(run));
    client.on('runRemoved', ({ run }) => this.#drop(run));
    client.on('metrics', ({ run, lines }) => this.#append(run, lines));
    client.on('filters', ({ run, filters }) => this.filters.set(run, filters));
    client.on('restarted', () => void this.load());
  }

  async load(): Promise<void> {
    this.#asked.clear();
    this.#metrics.clear();
    this.list = await this.client.call('runs', {});
  }

  get(id: string): RunInfo | null {
    return this.list?.find((run) => run.id === id) ?? null;
  }

  /** What a call answered about a run is as good as the engine's own word. */
  put(run: RunInfo): void {
    const list = this.list ?? [];
    const at = list.findIndex(({ id }) => id === run.id);
    this.list = at < 0 ? [run, ...list] : list.with(at, run);
    // A run that goes on from a checkpoint has lost the lines behind it.
    if (run.state === 'reading') this.#forget(run.id);
  }

  /** The lines of a run's metrics, fetched when first asked for, and growing; null until they are there. */
  metrics(id: string): readonly MetricsLine[] | null {
    const lines = this.#metrics.get(id) ?? null;
    if (!this.#asked.has(id)) {
      this.#asked.add(id);
      void this.client
        .call('runMetrics', { run: id })
        .then((fetched) => this.#metrics.set(id, fetched))
        .catch(() => this.#asked.delete(id));
    }
    return lines;
  }

  #append(run: string, lines: readonly MetricsLine[]): void {
    const known = this.#metrics.get(run);
    // Lines that come before the first were asked for are in what the answer brings.
    if (known) this.#metrics.set(run, [...known, ...lines]);
  }

  #drop(run: string): void {
    this.list = this.list?.filter(({ id }) => id !== run) ?? null;
    this.#forget(run);
  }

  #forget(run: string): void {
    this.#metrics.delete(run);
    this.#asked.delete(run);
  }
}
