import type { Component } from 'svelte';
import type { SceneProps } from './props';
import type { Scene, Texts } from './scene';
import { activations } from './scenes/activations/scene';
import Activations from './scenes/activations/Scene.svelte';
import { en as activationsEn } from './scenes/activations/texts.en';
import { zh as activationsZh } from './scenes/activations/texts.zh';
import { backward } from './scenes/backward/scene';
import Backward from './scenes/backward/Scene.svelte';
import { en as backwardEn } from './scenes/backward/texts.en';
import { zh as backwardZh } from './scenes/backward/texts.zh';
import { channels } from './scenes/channels/scene';
import Channels from './scenes/channels/Scene.svelte';
import { en as channelsEn } from './scenes/channels/texts.en';
import { zh as channelsZh } from './scenes/channels/texts.zh';
import { dice } from './scenes/dice/scene';
import Dice from './scenes/dice/Scene.svelte';
import { en as diceEn } from './scenes/dice/texts.en';
import { zh as diceZh } from './scenes/dice/texts.zh';
import { flip } from './scenes/flip/scene';
import Flip from './scenes/flip/Scene.svelte';
import { en as flipEn } from './scenes/flip/texts.en';
import { zh as flipZh } from './scenes/flip/texts.zh';
import { gradients } from './scenes/gradients/scene';
import Gradients from './scenes/gradients/Scene.svelte';
import { en as gradientsEn } from './scenes/gradients/texts.en';
import { zh as gradientsZh } from './scenes/gradients/texts.zh';
import { invariance } from './scenes/invariance/scene';
import Invariance from './scenes/invariance/Scene.svelte';
import { en as invarianceEn } from './scenes/invariance/texts.en';
import { zh as invarianceZh } from './scenes/invariance/texts.zh';
import { kernels } from './scenes/kernels/scene';
import Kernels from './scenes/kernels/Scene.svelte';
import { en as kernelsEn } from './scenes/kernels/texts.en';
import { zh as kernelsZh } from './scenes/kernels/texts.zh';
import { pooling } from './scenes/pooling/scene';
import Pooling from './scenes/pooling/Scene.svelte';
import { en as poolingEn } from './scenes/pooling/texts.en';
import { zh as poolingZh } from './scenes/pooling/texts.zh';
import { race } from './scenes/race/scene';
import Race from './scenes/race/Scene.svelte';
import { en as raceEn } from './scenes/race/texts.en';
import { zh as raceZh } from './scenes/race/texts.zh';
import { sizes } from './scenes/sizes/scene';
import Sizes from './scenes/sizes/Scene.svelte';
import { en as sizesEn } from './scenes/sizes/texts.en';
import { zh as sizesZh } from './scenes/sizes/texts.zh';
import { slidingWindow } from './scenes/sliding-window/scene';
import SlidingWindow from './scenes/sliding-window/Scene.svelte';
import { en as slidingWindowEn } from './scenes/sliding-window/texts.en';
import { zh as slidingWindowZh } from './scenes/sliding-window/texts.zh';
import { softmax } from './scenes/softmax/scene';
import Softmax from './scenes/softmax/Scene.svelte';
import { en as softmaxEn } from './scenes/softmax/texts.en';
import { zh as softmaxZh } from './scenes/softmax/texts.zh';
import { ways } from './scenes/ways/scene';
import Ways from './scenes/ways/Scene.svelte';
import { en as waysEn } from './scenes/ways/texts.en';
import { zh as waysZh } from './scenes/ways/texts.zh';
import { winograd } from './scenes/winograd/scene';
import Winograd from './scenes/winograd/Scene.svelte';
import { en as winogradEn } from './scenes/winograd/texts.en';
import { zh as winogradZh } from './scenes/winograd/texts.zh';
import type { State } from './state/fields';

/** A scene as the course has it: its model, how it is drawn, its words. */
export interface SceneEntry {
  model: Scene;
  Component: Component<SceneProps<State>>;
  texts: Readonly<Record<'en' | 'zh', Texts>>;
}
export interface Chapter {
  /** Its name is the text `learn.chapter.ID`. */
  id: string;
  /** As the course notes number it. */
  number: number;
  scenes: readonly SceneEntry[];
}

/** Each scene's own state is known to its model and its component alone. */
function entry<S extends State, Key extends string>(
  model: Scene<S>,
  SceneComponent: Component<SceneProps<S, Key>>,
  texts: Readonly<Record<'en' | 'zh', Readonly<Record<Key, string>>>>,
): SceneEntry {
  return {
    model: model as unknown as Scene,
    Component: SceneComponent as unknown as Component<SceneProps<State>>,
    texts,
  };
}

/** Every scene, in the order of the course. A new one is a folder of `scenes` and a line here: see docs/add-a-scene.md. */
export const chapters: readonly Chapter[] = [
  {
    id: 'convolution',
    number: 1,
    scenes: [
      entry(slidingWindow, SlidingWindow, { en: slidingWindowEn, zh: slidingWindowZh }),
      entry(flip, Flip, { en: flipEn, zh: flipZh }),
      entry(dice, Dice, { en: diceEn, zh: diceZh }),
      entry(channels, Channels, { en: channelsEn, zh: channelsZh }),
    ],
  },
  { id: 'kernels', number: 2, scenes: [entry(kernels, Kernels, { en: kernelsEn, zh: kernelsZh })] },
  { id: 'sizes', number: 3, scenes: [entry(sizes, Sizes, { en: sizesEn, zh: sizesZh })] },
  {
    id: 'ways',
    number: 4,
    scenes: [
      entry(ways, Ways, { en: waysEn, zh: waysZh }),
      entry(winograd, Winograd, { en: winogradEn, zh: winogradZh }),
      entry(race, Race, { en: raceEn, zh: raceZh }),
    ],
  },
  { id: 'backward', number: 5, scenes: [entry(backward, Backward, { en: backwardEn, zh: backwardZh })] },
  {
    id: 'pooling',
    number: 6,
    scenes: [
      entry(pooling, Pooling, { en: poolingEn, zh: poolingZh }),
      entry(invariance, Invariance, { en: invarianceEn, zh: invarianceZh }),
    ],
  },
  {
    id: 'activations',
    number: 7,
    scenes: [
      entry(activations, Activations, { en: activationsEn, zh: activationsZh }),
      entry(gradients, Gradients, { en: gradientsEn, zh: gradientsZh }),
      entry(softmax, Softmax, { en: softmaxEn, zh: softmaxZh }),
    ],
  },
];

export const sceneEntries: readonly SceneEntry[] = chapters.flatMap(({ scenes }) => scenes);
export const entryOf = (id: string): SceneEntry | undefined => sceneEntries.find(({ model }) => model.id === id);
