import type { Scene } from '../scene';
import { sizesOf } from '../model/nested';
import type { Expected, State, Value } from './fields';

/** What a link or a file has that a scene cannot show. */
export interface Problem {
  field: string;
  found: string;
  expected: Expected | null;
}
/** A state and the step that it stands at. */
export interface Kept<S extends State> {
  state: S;
  at: number;
}
export type Decoded<S extends State> = (Kept<S> & { problem: null }) | { problem: Problem };

/** The step, among the names of a scene's fields. */
const STEP = 'at';
/** How much of what was found a message quotes. */
const QUOTED = 40;

/** A scene's state as part of an address: `stride=1&kernel=1,0;0,1&at=3`. Numbers are written to the last digit. */
export function encode<S extends State>({ fields }: Scene<S>, { state, at }: Kept<S>): string {
  const parts = Object.entries(fields).map(
    ([name, field]) => `${name}=${encodeURIComponent(field.write(state[name]))}`,
  );
  // Commas and the like need no escape in a fragment, and are read more easily without.
  return [...parts, `${STEP}=${at}`].join('&').replaceAll('%2C', ',').replaceAll('%3B', ';');
}

/** And back. What is left out is as the scene begins. */
export function decode<S extends State>(scene: Scene<S>, text: string): Decoded<S> {
  const given = new URLSearchParams(text.replaceAll('+', '%2B'));
  const unknown = [...given.keys()].find((name) => name !== STEP && !Object.hasOwn(scene.fields, name));
  if (unknown !== undefined) return { problem: { field: unknown, found: given.get(unknown)!, expected: null } };
  const entries = Object.entries(scene.fields).map(([name, field]) => {
    const written = given.get(name);
    return [name, written === null ? scene.examples[0].state[name] : field.read(written)];
  });
  return check(scene, Object.fromEntries(entries), given.has(STEP) ? Number(given.get(STEP)) : 0);
}

/** The same as a small file. */
export const toFile = <S extends State>({ id }: Scene<S>, { state, at }: Kept<S>): string =>
  JSON.stringify({ convscope: 'scene', scene: id, state, at }, null, 1);

/** A state from outside: every field valid, and every control inside its range. */
export function check<S extends State>(
  scene: Scene<S>,
  given: Readonly<Record<string, unknown>>,
  at: unknown,
): Decoded<S> {
  for (const [name, field] of Object.entries(scene.fields)) {
    if (!field.has(given[name]))
      return { problem: { field: name, found: quoted(given[name]), expected: field.expected } };
  }
  const state = given as S;
  const settled = scene.settle?.(state) ?? state;
  for (const name of Object.keys(scene.fields)) {
    if (JSON.stringify(settled[name]) === JSON.stringify(state[name])) continue;
    const sizes = (value: Value): string => (typeof value === 'object' ? sizesOf(value).join(' × ') : String(value));
    return {
      problem: { field: name, found: sizes(state[name]), expected: { kind: 'fits', as: sizes(settled[name]) } },
    };
  }
  for (const control of scene.controls) {
    if (control.kind !== 'whole') continue;
    const { min, max } = control.range(state);
    const value = control.get(state);
    if (value < min || value > max)
      return { problem: { field: control.name, found: String(value), expected: { kind: 'whole', min, max } } };
  }
  const last = scene.steps(state) - 1;
  if (!Number.isInteger(at) || (at as number) < 0 || (at as number) > last)
    return { problem: { field: STEP, found: quoted(at), expected: { kind: 'whole', min: 0, max: last } } };
  return { state, at: at as number, problem: null };
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value as Value) ?? '–');
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}
