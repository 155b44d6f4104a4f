import { FailureError, toFailure } from '../../shared/failures';
import type { CallContext } from '../../shared/protocol';
import type { RunInfo, RunProgress, RunState } from '../../shared/runs';
import { say, type Message } from '../../words';
import type { TrainRequest } from '../train/request';
import type { TrainNews, TrainOrder } from '../work/train-task';
import { startTask, WorkEnded, type Work } from '../work/work';
import { readFacts, type RunFacts } from './facts';
import { infoOf, type LiveState } from './info';
import { addLine, joined, nothingYet, type Summary } from './metrics';
import { headRequestOf } from './head-request';
import { architectureChosen } from '../train/architecture-chosen';
import { runFolderOf, writeEntry, type RunEntry } from './store';

/** How many of the newest log lines are kept for the window. */
const SAID = 200;
/** Seconds that a stopped run may take to finish the current update and its checkpoint before its process is killed. */
const STOP_GRACE = 60;

interface Watcher {
  say(message: Message): void;
  news(news: TrainNews): void;
}

export type End = NonNullable<RunEntry['end']>;

/** A run from the queue to its end. */
export class LiveRun implements LiveState {
  state: RunState = 'queued';
  progress: RunProgress | null = null;
  summary: Summary;
  said: Message[] = [];
  private work: Work<unknown, TrainOrder> | null = null;
  /** This attempt has reached the first update. */
  private begun = false;
  private stopping = false;

  constructor(
    public facts: RunFacts,
    private readonly emit: CallContext['emit'],
  ) {
    this.summary = facts.summary;
  }

  get id(): string {
    return this.facts.id;
  }

  info(): RunInfo {
    return infoOf(this.facts, { live: this, said: this.said, data: this.facts.entry.data });
  }

  /**
   * Resolves when its process has ended and its folder records how; with the ending itself if the folder cannot be
   * written. Never rejects.
   */
  async train(): Promise<End | null> {
    this.state = 'reading';
    try {
      const begin = await this.task();
      if (this.stopping) throw new FailureError('cancelled');
      this.work = begin({
        say: (message) => void (this.said = [...this.said.slice(1 - SAID), message]),
        news: (news) => this.hear(news),
      });
      await this.work.result;
      return null;
    } catch (error) {
      const end = this.endOf(error);
      return this.end(end).then(
        () => null,
        () => end,
      );
    }
  }

  pause(): RunInfo {
    this.work?.order('pause');
    return this.info();
  }

  continue(): RunInfo {
    this.work?.order('continue');
    return this.info();
  }

  stop(): RunInfo {
    this.stopping = true;
    this.work?.cancel(STOP_GRACE);
    return this.info();
  }

  /** Records an ending that is not in `run.json`. */
  async end(end: End): Promise<void> {
    const { entry } = await readFacts(this.id);
    await writeEntry(this.id, { ...entry, end });
  }

  /** What its process is asked to do. */
  private async task(): Promise<(watcher: Watcher) => Work<unknown, TrainOrder>> {
    const head = headRequestOf(this.facts);
    if (head) return (watcher) => startTask('head', head, watcher);
    const request = await this.request();
    return (watcher) => startTask('train', request, watcher);
  }

  private async request(): Promise<TrainRequest> {
    const { entry, record } = this.facts;
    const { title, data, fit, range, recipe, options } = entry;
    const common = { out: runFolderOf(this.id), resume: true, overwrite: false, data: data.path ?? data.id };
    // A run that has started keeps what its record says.
    if (record) return { ...common, options: { epochs: options.epochs } };
    const model = await architectureChosen(entry.network!);
    const dataName = data.kind === 'generated' ? undefined : data.name;
    return { ...common, model, recipe: recipe ?? undefined, title, dataName, fit: fit ?? undefined, range, options };
  }

  private endOf(error: unknown): End {
    const failure = toFailure(error);
    if (error instanceof WorkEnded) return { state: 'interrupted', failure };
    if (failure.code === 'train.diverged') return { state: 'diverged', failure };
    if (failure.code !== 'cancelled') return { state: 'failed', failure };
    if (!this.begun) return { state: 'stopped', failure: null };
    const reason = say('run.ended', { seconds: STOP_GRACE });
    return { state: 'interrupted', failure: new FailureError('run.invalid', { run: this.id, reason }).toJSON() };
  }

  private hear(news: TrainNews): void {
    switch (news.kind) {
      case 'begun':
        return void this.begin();
      case 'progress':
        this.progress = news.progress;
        return this.tell();
      case 'metrics':
        this.summary = news.lines.reduce(addLine, this.summary);
        return this.emit('metrics', { run: this.id, lines: news.lines });
      case 'filters':
        return this.emit('filters', { run: this.id, filters: news.filters });
      case 'paused':
        return this.become('paused');
      case 'continued':
        return this.become('training');
    }
  }

  /** The folder is complete now: labels, sizes, and the remains of an earlier attempt. */
  private async begin(): Promise<void> {
    this.begun = true;
    this.summary = nothingYet;
    const facts = await readFacts(this.id).catch(() => this.facts);
    this.facts = facts;
    this.summary = joined(facts.summary, this.summary);
    if (this.state === 'reading') this.become('training');
  }

  private become(state: RunState): void {
    this.state = state;
    this.tell();
  }

  private tell(): void {
    this.emit('run', { run: this.info() });
  }
}
