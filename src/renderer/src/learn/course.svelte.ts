import { decode, encode, type Problem } from './state/link';
import { OpenScene } from './state/open-scene.svelte';
import { entryOf, sceneEntries, type SceneEntry } from './scenes';
import { readTeaching, teachingText, WHOLE, type Teaching } from './state/lesson';

/** The course while the window is open: which scene is shown, and each as it was left. */
class Course {
  current = $state.raw<SceneEntry | null>(null);
  /** What of a link could not be shown, and why. */
  problem = $state.raw<Problem | null>(null);
  /** What a teacher's link leaves out. */
  teaching = $state.raw<Teaching>(WHOLE);
  /** The scenes that there are. */
  readonly entries = $derived.by(() => {
    const { only } = this.teaching;
    return only.length === 0 ? sceneEntries : sceneEntries.filter(({ model }) => only.includes(model.id));
  });
  /** Made at once, outside any component: what is derived within one is lost with it. */
  readonly #open = new Map(sceneEntries.map(({ model }) => [model.id, new OpenScene(model)]));

  /** The scene that is shown. */
  get scene(): OpenScene | null {
    return this.current && this.open(this.current);
  }

  open({ model }: SceneEntry): OpenScene {
    return this.#open.get(model.id)!;
  }

  /** Follows an address, `ID?STATE`; nothing is the contents. What the link has wrong is told, and the scene opens as it begins. */
  follow(rest: string): void {
    const [id, query] = rest.split('?');
    if (this.scene) this.scene.playing = false;
    this.problem = null;
    this.current = entryOf(id) ?? null;
    if (id !== '' && !this.current) this.problem = { field: 'scene', found: id, expected: null };
    if (query === undefined) return;
    const given = readTeaching(query, sceneEntries.map(({ model }) => model.id)); // prettier-ignore
    this.teaching = given.teaching;
    this.problem ??= given.problem;
    if (!this.current || given.query === '') return;
    const decoded = decode(this.current.model, given.query);
    if (decoded.problem) this.problem = decoded.problem;
    else this.open(this.current).show(decoded);
  }

  /** The address of the scene as it stands. */
  address(): string {
    const { current, scene } = this;
    const teaching = teachingText(this.teaching);
    if (!current || !scene) return teaching && `?${teaching}`;
    return `${current.model.id}?${encode(current.model, scene.kept)}${teaching && `&${teaching}`}`;
  }

  /** The scene before (−1) or after (1) the one that is shown. */
  beside(by: 1 | -1): SceneEntry | undefined {
    return this.current ? this.entries[this.entries.indexOf(this.current) + by] : undefined;
  }
}

export const course = new Course();
