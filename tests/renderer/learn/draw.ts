import { Generator } from '../../../src/core/random';
import type { Scene } from '../../../src/renderer/src/learn/scene';
import type { State } from '../../../src/renderer/src/learn/state/fields';
import { check } from '../../../src/renderer/src/learn/state/link';

/** Random valid states of a scene: every field drawn, every slider brought into its range, as one could set it by hand. */
export function draw<S extends State>(scene: Scene<S>, count: number, seed = 1): S[] {
  const random = new Generator(seed);
  const states: S[] = [];
  for (let tries = 0; states.length < count; tries++) {
    if (tries > 20 * count) throw new Error(`${scene.id}: hardly any drawn state is valid`);
    const drawn = Object.entries(scene.fields).map(([name, field]) => [name, field.draw(random)] as const);
    let state = Object.fromEntries(drawn) as S;
    for (const control of scene.controls) {
      if (control.kind !== 'whole') continue;
      const { min, max } = control.range(state);
      const value = Math.max(min, Math.min(max, control.get(state)));
      if (value !== control.get(state)) state = control.set(state, value);
    }
    state = scene.settle?.(state) ?? state;
    if (check(scene, state, 0).problem === null) states.push(state);
  }
  return states;
}

/** The numbers of a scene's table. */
export function tableOf<S extends State>(scene: Scene<S>, state: S, name: string): readonly (readonly number[])[] {
  const found = scene.table(state).find((table) => table.name === name);
  if (!found) throw new Error(`${scene.id} has no table ${name}`);
  return found.rows;
}

/** The state of one of a scene's examples. */
export function example<S extends State>(scene: Scene<S>, id: string): S {
  const found = scene.examples.find((each) => each.id === id);
  if (!found) throw new Error(`${scene.id} has no example ${id}`);
  return found.state;
}

/** What a sum with its products says: `1 · 2 + 3 · (−4)` in figures. */
export const evaluated = (text: string): number =>
  text
    .split(' + ')
    .map((product) =>
      product
        .split(' · ')
        .map((factor) => Number(factor.replace(/[()]/g, '').replace('−', '-')))
        .reduce((a, b) => a * b, 1),
    )
    .reduce((a, b) => a + b, 0);
