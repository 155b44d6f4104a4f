import { SvelteSet } from 'svelte/reactivity';
import type { Contender, PictureChoice } from '../../../shared/training';
import { compareChoice } from '../state/compare-choice.svelte';
import type { EvaluationJob } from '../state/evaluations.svelte';
import type { Runs } from '../state/runs.svelte';

/** So many networks are compared at once: letters, lines and columns stay readable. */
export const MOST = 6;

/** What the Compare screen is set to; it stays while another screen is looked at. */
class Comparison {
  /** Bundled networks that were chosen, by id; runs are in `compareChoice`, which the Train screen shares. */
  readonly bundled = new SvelteSet<string>();
  /** A data set's id; null: the first network's own. */
  data = $state<string | null>(null);
  /** The pictures that are looked at. */
  shown = $state.raw<PictureChoice>({ kind: 'disagree' });
  /** How far the screen is scrolled down. */
  scrolled = 0;
  #asked: EvaluationJob | null = null;

  /** The chosen, in the order in which they were chosen: runs first, those that are gone or have no weights left out. */
  contenders(runs: Runs): Contender[] {
    const known = [...compareChoice.runs].filter((id) => runs.get(id)?.hasModel);
    return [
      ...known.map((id): Contender => ({ kind: 'run', id })),
      ...[...this.bundled].map((id): Contender => ({ kind: 'bundled', id })),
    ].slice(0, MOST);
  }

  toggle({ kind, id }: Contender): void {
    if (kind === 'run') compareChoice.toggle(id);
    else if (!this.bundled.delete(id)) this.bundled.add(id);
  }

  /** Begins what is asked now, unless it is known or was ended by hand, and leaves what was asked before. */
  ask(job: EvaluationJob | null): void {
    const before = this.#asked;
    this.#asked = job;
    if (before && before !== job && before.progress) void before.cancel();
    if (job && !job.evaluation && !job.progress && !job.failure && (!job.cancelled || job !== before)) void job.start();
  }
}

export const comparison = new Comparison();
