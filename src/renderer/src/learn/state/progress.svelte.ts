import { recall, remember } from '../../state/memory';

type Answered = Readonly<Record<string, readonly string[]>>;

/** Which questions of which scene were answered rightly, on this machine. */
class Progress {
  #answered = $state.raw<Answered>(read());

  /** How many of a scene's questions. */
  of(scene: string): number {
    return this.#answered[scene]?.length ?? 0;
  }
  has(scene: string, question: string): boolean {
    return this.#answered[scene]?.includes(question) ?? false;
  }
  add(scene: string, question: string): void {
    if (this.has(scene, question)) return;
    this.#keep({ ...this.#answered, [scene]: [...(this.#answered[scene] ?? []), question] });
  }
  forget(scenes: readonly string[]): void {
    this.#keep(Object.fromEntries(Object.entries(this.#answered).filter(([scene]) => !scenes.includes(scene))));
  }
  #keep(answered: Answered): void {
    this.#answered = answered;
    remember('learned', JSON.stringify(answered));
  }
}

/** What is not ours, or was damaged, counts as nothing answered. */
function read(): Answered {
  try {
    const found: unknown = JSON.parse(recall('learned') ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    const lists = Object.entries(found).filter(
      (entry): entry is [string, string[]] => Array.isArray(entry[1]) && entry[1].every((id) => typeof id === 'string'),
    );
    return Object.fromEntries(lists);
  } catch {
    return {};
  }
}

export const progress = new Progress();
