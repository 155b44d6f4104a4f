import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { toFailure, type Failure } from '../../../shared/failures';
import type { Client } from '../../../shared/protocol';
import type { FirstFilters, MetricsLine, RunInfo, RunState } from '../../../shared/runs';
import { RunHistory } from './history.svelte';
import { RequestCache } from './resource.svelte';

export const [useRuns, provideRuns] = createContext<Runs>();

/** Somebody works on it now, or will without being asked. */
export const underWay = ({ state }: { state: RunState }): boolean =>
  state === 'queued' || state === 'reading' || state === 'training' || state === 'paused';

/** Every run that the engine knows, as it moves on: what the Train and Compare screens and the frame share. */
export class Runs {
  /** Newest first; null before the engine has answered. */
  list = $state.raw<readonly RunInfo[] | null>(null);
  /** Why there is no list. */
  failure = $state.raw<Failure | null>(null);
  /** The run that the Train screen shows, null for the form of a new one; undefined until one is chosen. */
  chosen = $state.raw<string | null | undefined>(undefined);
  /** The newest change of a run's state, to be said once. */
  change = $state.raw<RunInfo | null>(null);
  /** First layer's filters of runs that train, as they change. */
  readonly filters = new SvelteMap<string, FirstFilters>();
  /** The one that trains now. */
  readonly active = $derived(this.list?.find(({ state }) => state === 'training' || state === 'reading') ?? null);
  readonly interrupted = $derived(this.list?.filter(({ state }) => state === 'interrupted') ?? []);
  readonly #histories = new Map<string, RunHistory>();
  readonly #keptFilters = new RequestCache<FirstFilters | null>(32);
  /** What events said of runs while the list was on its way: null for one that was removed. */
  #meanwhile: Map<string, RunInfo | null> | null = null;
  #loads = 0;

  constructor(readonly client: Client) {
    client.on('run', ({ run }) => this.put(run));
    client.on('runRemoved', ({ run }) => this.forget(run));
    client.on('metrics', ({ run, lines }) => this.#histories.get(run)?.add(lines));
    client.on('filters', ({ run, filters }) => this.filters.set(run, filters));
    client.on('restarted', () => {
      void this.load();
      for (const id of this.#histories.keys()) this.#fetch(id);
    });
  }

  /** Asks for the list; why there is none stands in `failure`. */
  async load(): Promise<void> {
    const turn = ++this.#loads;
    this.#meanwhile = new Map();
    const list = await this.client.call('runs', {}).catch((error: unknown) => {
      if (turn === this.#loads) this.failure = toFailure(error);
      return null;
    });
    if (turn !== this.#loads || !list) return;
    this.failure = null;
    const meanwhile = this.#meanwhile;
    this.#meanwhile = null;
    this.list = list;
    for (const [id, run] of meanwhile) {
      if (run) this.put(run);
      else this.forget(id);
    }
  }

  /** The run that the Train screen shows: the chosen one, at first the one that trains, else the newest. */
  get shown(): RunInfo | null {
    if (this.chosen === null) return null;
    const chosen = this.chosen === undefined ? null : this.get(this.chosen);
    return chosen ?? this.active ?? this.list?.[0] ?? null;
  }

  get(id: string): RunInfo | null {
    return this.list?.find((run) => run.id === id) ?? null;
  }

  /** What a call answered about a run is as good as the engine's own word. */
  put(run: RunInfo): void {
    this.#meanwhile?.set(run.id, run);
    const list = this.list ?? [];
    const at = list.findIndex(({ id }) => id === run.id);
    const before = at < 0 ? null : list[at];
    if (at >= 0) this.list = list.with(at, run);
    else {
      const behind = list.findIndex(({ started }) => started <= run.started);
      this.list = behind < 0 ? [...list, run] : list.toSpliced(behind, 0, run);
    }
    if (before && before.state !== run.state) {
      this.change = run;
      // A run resumed from a checkpoint no longer has the lines after it.
      if (before.state === 'reading' && this.#histories.has(run.id)) this.#fetch(run.id);
    }
  }

  /** A run's metrics, fetched when first asked for, and growing. */
  history(id: string): RunHistory {
    let history = this.#histories.get(id);
    if (!history) {
      history = new RunHistory();
      this.#histories.set(id, history);
      this.#fetch(id);
    }
    return history;
  }

  /** The first layer's filters of a run: as they change while it trains, else those of the weights that it keeps. Null until they are there. */
  filtersOf(run: RunInfo): FirstFilters | null {
    const live = this.filters.get(run.id) ?? null;
    if (!run.hasModel || (live && underWay(run))) return live;
    const key = `${run.id}@${run.bestEpoch}`;
    return this.#keptFilters.get(key, () => this.client.call('runFilters', { run: run.id })).value ?? live;
  }

  /** All lines of a run's metrics in order; null until they are there. */
  metrics(id: string): readonly MetricsLine[] | null {
    return this.history(id).lines;
  }

  #fetch(id: string): void {
    const history = this.#histories.get(id);
    if (!history) return;
    const ticket = history.reload();
    void this.client.call('runMetrics', { run: id }).then(
      (lines) => history.load(lines, ticket),
      // Asked again when the run is next looked at.
      () => this.#histories.delete(id),
    );
  }

  /** It is no longer among the runs. */
  forget(run: string): void {
    this.#meanwhile?.set(run, null);
    this.list = this.list?.filter(({ id }) => id !== run) ?? null;
    this.#histories.delete(run);
    this.filters.delete(run);
  }
}
