import { SvelteSet } from 'svelte/reactivity';

/** The runs that the Compare screen sets side by side, by id: chosen there, and by “Compare with…” of a run. */
class CompareChoice {
  readonly runs = new SvelteSet<string>();

  /** Adds a run to what is chosen. */
  add(run: string): void {
    this.runs.add(run);
  }

  toggle(run: string): void {
    if (!this.runs.delete(run)) this.runs.add(run);
  }
}

export const compareChoice = new CompareChoice();
