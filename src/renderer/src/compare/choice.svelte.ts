import { SvelteSet } from 'svelte/reactivity';
import type { Contender, ContenderId, PictureChoice } from '../../../shared/evaluation';
import { compareChoice } from '../state/compare-choice.svelte';
import { requestKey, type EvaluationJob, type EvaluationRequest } from '../state/evaluations.svelte';
import type { Runs } from '../state/runs.svelte';
import type { DiffRequest } from './diffs.svelte';

/** So many networks are compared at once: letters, lines and columns stay readable. */
export const MOST = 6;

type FileContender = Extract<Contender, { kind: 'file' }>;

/** What the Compare screen is set to; it stays while another screen is looked at. */
class Comparison {
  /** Bundled networks that were chosen, by id; runs are in `compareChoice`, which the Train screen shares. */
  readonly bundled = new SvelteSet<string>();
  /** Files that were brought to be compared, and the IDs of those that are chosen. */
  files = $state.raw<readonly FileContender[]>([]);
  readonly chosenFiles = new SvelteSet<string>();
  /** The question for which one confirmed that the classes are the same in their order. */
  #inOrder = $state<string | null>(null);
  #brought = 0;
  /** A data set's id; null: the first network's own. */
  data = $state<string | null>(null);
  /** How they are compared: by their figures on labelled pictures, or the first two value by value. */
  view = $state<'figures' | 'values'>('figures');
  /** Value by value both get random numbers in place of pictures. */
  random = $state(false);
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
      ...this.files.filter(({ id }) => this.chosenFiles.has(id)),
    ].slice(0, MOST);
  }

  /** Lists a file, and chooses it. */
  bring(file: Pick<FileContender, 'name' | 'bytes' | 'beside' | 'picture'>): void {
    const id = `file ${++this.#brought}`;
    this.files = [...this.files, { ...file, kind: 'file', id }];
    this.chosenFiles.add(id);
  }

  /** What is asked now; null while fewer than two are chosen. */
  request(runs: Runs): EvaluationRequest | null {
    const contenders = this.contenders(runs);
    if (contenders.length < 2) return null;
    const request = { contenders, data: this.data };
    return { ...request, labelsByOrder: this.#inOrder === requestKey(request) };
  }

  /** The first two value by value; null while fewer than two are chosen. */
  diffRequest(runs: Runs): DiffRequest | null {
    const [a, b] = this.contenders(runs);
    if (!b) return null;
    const inputs = this.random
      ? ({ kind: 'random' } as const)
      : this.data === null
        ? ({ kind: 'own' } as const)
        : ({ kind: 'data', id: this.data } as const);
    return { a, b, inputs };
  }

  /** The classes of what is asked now are the same in their order. */
  confirmOrder({ contenders, data }: EvaluationRequest): void {
    this.#inOrder = requestKey({ contenders, data });
  }

  toggle({ kind, id }: ContenderId): void {
    if (kind === 'run') compareChoice.toggle(id);
    else if (kind === 'file') {
      if (!this.chosenFiles.delete(id)) this.chosenFiles.add(id);
    } else if (!this.bundled.delete(id)) this.bundled.add(id);
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
