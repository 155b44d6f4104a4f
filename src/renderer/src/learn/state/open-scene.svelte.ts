import { flat, withNumber, type Nested } from '../model/nested';
import type { Asked, Lit, Place, Question, Scene } from '../scene';
import type { State } from './fields';
import type { Kept } from './link';

/** How many changes can be undone. */
const UNDO = 200;
const NOTHING: Lit = {};

/** A question that stands open, or has been answered. */
export interface Posed {
  id: string;
  asked: Asked;
  given: number | null;
  right: boolean | null;
}

/** A scene that is open: its state, where play stands, what is pointed at, what is asked. */
export class OpenScene<S extends State = State> {
  state = $state.raw() as S;
  at = $state(0);
  playing = $state(false);
  /** What the pointer or the focus is on. */
  hover = $state.raw<Place | null>(null);
  /** The terms that are pointed at in the text or beside a control: what they name is lit. */
  term = $state.raw<readonly string[]>([]);
  /** What the thing that is pointed at is called: the text lights it. */
  named = $state.raw<readonly string[]>([]);
  posed = $state.raw<Posed | null>(null);
  #past = $state.raw<readonly S[]>([]);
  #future = $state.raw<readonly S[]>([]);
  /** Changes of one name become one: a slider's way is undone at once. */
  #as: string | null = null;
  #turn = 0;

  readonly steps = $derived.by(() => this.model.steps(this.state));
  readonly lit = $derived.by<Lit>(() => {
    const place = this.hover ?? this.model.shows?.(this.state, this.at);
    return place ? this.model.linked(this.state, place, this.at) : NOTHING;
  });

  /** The step that is looked at: that of what the pointer is on, else where play stands. */
  readonly seen = $derived.by(() => {
    const { hover, model } = this;
    if (!hover) return this.at;
    const step = model.stepOf ? model.stepOf(this.state, hover) : hover.part === 'output' ? hover.index : null;
    return step !== null && step < this.steps ? step : this.at;
  });

  constructor(readonly model: Scene<S>) {
    this.state = model.examples[0].state;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  get kept(): Kept<S> {
    return { state: this.state, at: this.at };
  }

  /** Shows a state that comes from elsewhere; the one before can be had back. */
  show({ state, at }: Kept<S>): void {
    this.change(state);
    this.go(at);
  }

  /** Changes the state; changes in a row with the same `as` are undone together. */
  change(next: S, as: string | null = null): void {
    if (as === null || as !== this.#as) this.#past = [...this.#past.slice(-(UNDO - 1)), this.state];
    this.#as = as;
    this.#future = [];
    this.#put(next);
  }
  /** One number of a field, typed over. */
  write(field: keyof S & string, index: number, to: number): void {
    const before = this.state[field] as Nested | number;
    const next = typeof before === 'number' ? to : withNumber(before, index, to);
    if (this.model.fields[field].has(next)) this.change({ ...this.state, [field]: next });
  }
  numbers(field: keyof S & string): number[] {
    const value = this.state[field] as Nested | number;
    return typeof value === 'number' ? [value] : flat(value);
  }
  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.state];
    this.#as = null;
    this.#put(before);
  }
  redo(): void {
    const next = this.#future.at(-1);
    if (!next) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.state];
    this.#as = null;
    this.#put(next);
  }
  /** As the scene begins. */
  reset(): void {
    this.playing = false;
    this.at = 0;
    if (this.state !== this.model.examples[0].state) this.change(this.model.examples[0].state);
  }
  #put(next: S): void {
    this.state = next;
    this.at = Math.min(this.at, this.model.steps(next) - 1);
    this.hover = null;
    // New numbers make a new question.
    if (this.posed) this.posed = null;
  }

  /** Stands at a step; who points at one stops play. */
  go(at: number): void {
    this.playing = false;
    this.at = Math.max(0, Math.min(this.steps - 1, at));
  }
  /** One step of play; stops at the end. */
  advance(): void {
    if (this.at >= this.steps - 1) this.playing = false;
    else this.at++;
  }

  isLit(part: string, index: number): boolean {
    return this.lit[part]?.has(index) ?? false;
  }
  /** Whether an open question keeps this from view. */
  hides(part: string, index: number): boolean {
    const hidden = this.posed?.given === null ? this.posed.asked.hides : undefined;
    return hidden?.part === part && hidden.index === index;
  }

  /** Whether an open question keeps the result of the formula from view. */
  readonly hidesResult = $derived.by(() =>
    this.model
      .formula(this.state, this.seen)
      .some(({ result, place }) => result && place && this.hides(place.part, place.index)),
  );

  /** The next question that the numbers give. */
  ask(): void {
    const { questions } = this.model;
    for (let tries = 0; tries < questions.length; tries++) {
      const question: Question<S> = questions[this.#turn % questions.length];
      const asked = question.ask(this.state, Math.floor(this.#turn++ / questions.length));
      if (!asked) continue;
      this.posed = { id: question.id, asked, given: null, right: null };
      if (asked.at !== undefined) this.go(asked.at);
      return;
    }
  }
  /** Whether it is right, to about the three digits that are shown. */
  answer(given: number): boolean {
    const { posed } = this;
    if (!posed) return false;
    const right = Math.abs(given - posed.asked.answer) <= Math.max(0.0005, Math.abs(posed.asked.answer) * 0.006);
    this.posed = { ...posed, given, right };
    return right;
  }
  dismiss(): void {
    this.posed = null;
  }
}
