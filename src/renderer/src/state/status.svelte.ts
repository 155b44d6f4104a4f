import type { Failure } from '../../../shared/protocol';
import { isMessage, type Values } from '../../../words';
import type { Key } from '../i18n/en';

export type Tone = 'info' | 'warn' | 'error';

/** What is said to people: a text of the catalog, or a failure. Kept as a key so that it follows the language. */
export type Notice =
  | ({ tone: Tone; key: Key; params: Values } & More)
  | ({ tone: 'error'; failure: Failure } & { [M in keyof More]?: undefined });

interface More {
  action?: NoticeAction;
  /** It is said only as long as this is so: of what goes on for a while. */
  holds?: () => boolean;
}

/** What can be done about what was said: taken back, for example. */
export interface NoticeAction {
  key: Key;
  act: () => void;
}

/** The line at the foot of the window, and the message over the view where something went wrong. */
export class Status {
  notice = $state.raw<Notice | null>(null);
  /** What went well, or goes on: what went wrong stands over the view. */
  readonly said = $derived(this.notice?.tone === 'info' && (this.notice.holds?.() ?? true) ? this.notice : null);
  /** The exact value or term under the pointer. */
  probe = $state('');
  /** Largest relative difference that `verify` found for the open model, by model handle. */
  verified = $state.raw<{ model: number; worst: number; ok: boolean } | null>(null);
  /** The engine keeps dying and is not started any more: nothing works until the app is started again. */
  engineGone = $state(false);
  #jobs = $state(0);
  readonly busy = $derived(this.#jobs > 0);

  say(key: Key, params: Values = {}, tone: Tone = 'info', more: More = {}): void {
    this.notice = { tone, key, params, ...more };
  }

  fail(failure: Failure): void {
    if (endsEngine(failure)) this.engineGone = true;
    if (failure.code !== 'cancelled') this.notice = { tone: 'error', failure };
  }

  clear(): void {
    this.notice = null;
  }

  /** Another screen comes: what was read off this one, or went well there, is not said over it. */
  leave(): void {
    this.probe = '';
    if (this.notice?.tone === 'info' && !this.notice.holds) this.notice = null;
  }

  /** Counts work under way; call what it returns when done. */
  work(): () => void {
    this.#jobs++;
    let open = true;
    return () => {
      if (open) this.#jobs--;
      open = false;
    };
  }
}

/** Whether a failure, or the reason within it, is that the engine is not started any more. */
function endsEngine({ values }: Pick<Failure, 'values'>): boolean {
  const { reason } = values;
  return isMessage(reason) && (reason.code === 'engine.gave-up' || endsEngine(reason));
}
