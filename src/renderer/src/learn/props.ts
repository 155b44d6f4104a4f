import type { Values } from '../../../words';
import type { OpenScene } from './state/open-scene.svelte';
import type { State } from './state/fields';

/** What a scene's component is given. */
export interface SceneProps<S extends State, Key extends string = string> {
  scene: OpenScene<S>;
  /** The scene's own texts, in the language chosen. */
  say: (key: Key, values?: Values) => string;
  /** The room that it has, in CSS pixels. */
  width: number;
  height: number;
}
