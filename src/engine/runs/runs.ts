import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asError, FailureError } from '../../shared/failures';
import type { CallContext } from '../../shared/protocol';
import type { DataInfo } from '../../shared/data-sets';
import type { MetricsLine, RunInfo, RunNotes, RunRequest } from '../../shared/runs';
import { say, type Message } from '../../words';
import { asItIs, type DataSets } from '../data-sets/data-sets';
import { recipeNamed } from '../models/recipes';
import { RunFolder } from '../train/run-folder';
import { headSettings } from '../head/settings';
import { settingsOf } from '../train/settings';
import { readFacts, type RunFacts } from './facts';
import { infoOf, stateAtRest } from './info';
import { LiveRun, type End } from './live';
import { readMetrics } from './metrics';
import { describeNetwork } from './network';
import { writeNotes } from './notes';
import { createRun, restoreRun, runFolderOf, runIds, sweep, trashRun, writeEntry, type RunEntry } from './store';

/** Milliseconds between two checks of a run that another process trains, and how long to wait for one that is ending. */
const LOOK = 500;
const WINDING_DOWN = 5000;

/** All runs in the app's data folder. One is trained at a time, in a process of its own; the others wait for it in a queue. */
export class Runs {
  private active: LiveRun | null = null;
  private readonly queue: LiveRun[] = [];
  /** The log lines of ended runs that this engine trained. */
  private readonly said = new Map<string, readonly Message[]>();
  /** Endings of runs whose folder could not be written, for example on a full disk. */
  private readonly unwritten = new Map<string, End>();
  /** Runs that another process trains. */
  private readonly strangers = new Set<string>();
  private looking = false;
  private closing = false;
  private swept = false;
  private emit: CallContext['emit'] = () => undefined;

  constructor(private readonly dataSets: Pick<DataSets, 'find' | 'whereNow'>) {}

  /** Where events go from now on. */
  tell({ emit }: CallContext): void {
    this.emit = emit;
  }

  /** Newest first. A folder that cannot be read is listed as a failed run with the reason. */
  async list(): Promise<RunInfo[]> {
    if (!this.swept) void sweep();
    this.swept = true;
    const runs = await Promise.all((await runIds()).map((id) => this.info(id).catch(nullWhereGone)));
    return runs.filter((run) => run !== null).sort((a, b) => (a.started < b.started ? 1 : -1));
  }

  /** @throws FailureError where there is no such run. */
  async info(id: string): Promise<RunInfo> {
    const live = this.live(id);
    if (live) return live.info();
    const facts = await this.factsOf(id);
    const [held, data] = await Promise.all([isHeld(id), asItIs(facts.entry.data)]);
    // It may have been resumed meanwhile.
    const now = this.live(id);
    if (now) return now.info();
    if (held) this.lookAfter(id);
    return infoOf(facts, { held, data, said: this.said.get(id) ?? [] });
  }

  /** Starts a run, or puts it in the queue. @throws FailureError for invalid data, network, recipe or settings. */
  async start({ title, data, network, fit, range, recipe, options }: RunRequest): Promise<RunInfo> {
    if (network.source.kind === 'body') headSettings(options);
    else settingsOf(options);
    if (recipe !== undefined) await recipeNamed(recipe);
    const described = await describeNetwork(network, null);
    const info = await this.dataSets.find(data);
    const entry: RunEntry = {
      format: 1,
      title: title.trim().slice(0, 200) || described.title,
      network,
      networkTitle: network.source.kind === 'recipe' ? (await recipeNamed(network.source.id)).title : null,
      recipe: recipe ?? null,
      data: await presentData(info),
      fit: fit ?? null,
      range,
      options,
      created: new Date().toISOString(),
      end: null,
    };
    const id = await createRun(entry);
    return this.enqueue(await readFacts(id));
  }

  /**
   * Goes on from the last checkpoint, or begins what never began.
   * @param epochs in all; as many as were asked for where left out.
   * @throws FailureError for a run that is under way, whose data is gone, or that has nothing left to do.
   */
  async resume(id: string, epochs?: number): Promise<RunInfo> {
    this.refuseLive(id);
    await this.free(id);
    const facts = await this.factsOf(id);
    const { entry, record, damage } = facts;
    if (damage) throw asError(damage);
    const refuse = (reason: Message): never => {
      throw new FailureError('run.invalid', { run: entry.title, reason });
    };
    const before = settingsOf(entry.options).epochs;
    const wanted = epochs ?? before;
    const state = stateAtRest(facts, false);
    if (state === 'diverged') refuse(say('run.diverged'));
    if (state === 'finished' && wanted <= before) refuse(say('run.finished', { epochs: before }));
    if (wanted < before) refuse(say('run.fewer', { before, wanted }));
    if (!record && !entry.network) refuse(say('run.noNetwork'));
    const options = { ...entry.options, epochs: wanted };
    settingsOf(options);
    const data = await presentData(await this.dataSets.whereNow(entry.data));
    await writeEntry(id, { ...entry, data, options, end: null });
    this.unwritten.delete(id);
    const fresh = await readFacts(id);
    this.refuseLive(id);
    return this.enqueue(fresh);
  }

  async pause(id: string): Promise<RunInfo> {
    return (await this.training(id)).pause();
  }

  async continue(id: string): Promise<RunInfo> {
    return (await this.training(id)).continue();
  }

  /** Asks it to stop at a checkpoint; an event tells when it has. A queued run leaves the queue at once. */
  async stop(id: string): Promise<RunInfo> {
    const queued = this.queue.findIndex((live) => live.id === id);
    if (queued < 0) return (await this.training(id)).stop();
    const [live] = this.queue.splice(queued, 1);
    await live.end({ state: 'stopped', failure: null });
    const info = await this.info(id);
    this.emit('run', { run: info });
    return info;
  }

  /** Into the trash. @throws FailureError for one that trains. */
  async remove(id: string): Promise<void> {
    if (this.active?.id === id || (await isHeld(id))) {
      throw new FailureError('run.invalid', { run: id, reason: say('run.training') });
    }
    if (this.live(id)) await this.stop(id);
    await trashRun(id);
    this.emit('runRemoved', { run: id });
  }

  async restore(id: string): Promise<RunInfo> {
    await restoreRun(id);
    const info = await this.info(id);
    this.emit('run', { run: info });
    return info;
  }

  /** Keeps what people write of a run, whatever state it is in. @throws FailureError where there is no such run. */
  async annotate(id: string, notes: RunNotes): Promise<RunInfo> {
    await readFacts(id);
    await writeNotes(runFolderOf(id), notes);
    const live = this.live(id);
    if (live) live.facts = { ...live.facts, notes: (await readFacts(id)).notes, notesDamage: null };
    const info = await this.info(id);
    this.emit('run', { run: info });
    return info;
  }

  async metrics(id: string): Promise<MetricsLine[]> {
    await readFacts(id);
    return readMetrics(join(runFolderOf(id), 'metrics.jsonl'));
  }

  /** Titles of the runs that were started on a data set and need it to resume. */
  async needing(data: string): Promise<string[]> {
    const all = await Promise.all((await runIds()).map((id) => readFacts(id).catch(nullWhereGone)));
    return all.flatMap((facts) => (facts?.entry.data.id === data ? [facts.entry.title] : []));
  }

  /**
   * A training run stops at a checkpoint and its process ends; waiting runs do not start. Since no user asked for it,
   * they are reported as interrupted when the app is next started.
   */
  close(): void {
    this.closing = true;
    this.active?.stop();
    const left = [...(this.active ? [this.active] : []), ...this.queue.splice(0)];
    for (const live of left) void live.end({ state: 'interrupted', failure: null });
  }

  private async factsOf(id: string): Promise<RunFacts> {
    const facts = await readFacts(id);
    const end = this.unwritten.get(id);
    return end ? { ...facts, entry: { ...facts.entry, end } } : facts;
  }

  private live(id: string): LiveRun | null {
    return this.active?.id === id ? this.active : (this.queue.find((live) => live.id === id) ?? null);
  }

  /** The active run, if it is this one. */
  private async training(id: string): Promise<LiveRun> {
    if (this.active?.id === id) return this.active;
    const { title, state } = await this.info(id);
    const reason =
      state === 'queued'
        ? say('run.waits')
        : state === 'training' || state === 'reading'
          ? say('run.elsewhere')
          : say('run.notTrained', { state: say(`run.state.${state}`) });
    throw new FailureError('run.invalid', { run: title, reason });
  }

  private refuseLive(id: string): void {
    const live = this.live(id);
    if (live) throw new FailureError('run.invalid', { run: live.facts.entry.title, reason: say('run.underWay') });
  }

  private enqueue(facts: RunFacts): RunInfo {
    const live = new LiveRun(facts, (event, payload) => this.emit(event, payload));
    this.queue.push(live);
    this.next();
    const info = live.info();
    this.emit('run', { run: info });
    return info;
  }

  private next(): void {
    if (this.active || this.closing) return;
    const live = this.queue.shift();
    if (!live) return;
    this.active = live;
    void this.through(live);
  }

  /** Trains the active run to its end, reports it and starts the next one. Never rejects: the queue continues after any failure. */
  private async through(live: LiveRun): Promise<void> {
    try {
      const unwritten = await live.train();
      this.said.set(live.id, live.said);
      if (unwritten) this.unwritten.set(live.id, unwritten);
      const facts = await this.factsOf(live.id).catch(() => null);
      const data = facts && (await asItIs(facts.entry.data));
      this.active = null;
      if (facts && data) this.emit('run', { run: infoOf(facts, { data, said: live.said }) });
    } catch (error) {
      console.error(error);
    } finally {
      this.active = null;
      this.next();
    }
  }

  /** Waits until the process that trains a run has ended, after its engine crashed. @throws FailureError where it goes on. */
  private async free(id: string): Promise<void> {
    for (let waited = 0; await isHeld(id); waited += LOOK) {
      if (waited >= WINDING_DOWN) throw new FailureError('run.invalid', { run: id, reason: say('run.otherProcess') });
      await wait(LOOK);
    }
  }

  /** Tells when a run that another process trains has ended. */
  private lookAfter(id: string): void {
    this.strangers.add(id);
    if (this.looking) return;
    this.looking = true;
    void this.look();
  }

  private async look(): Promise<void> {
    while (this.strangers.size > 0 && !this.closing) {
      await wait(LOOK, undefined, { ref: false });
      for (const stranger of [...this.strangers]) {
        if (await isHeld(stranger)) continue;
        this.strangers.delete(stranger);
        const run = await this.info(stranger).catch(() => null);
        if (run) this.emit('run', { run });
      }
    }
    this.looking = false;
  }
}

const isHeld = async (id: string): Promise<boolean> => (await new RunFolder(runFolderOf(id)).trainedBy()) !== null;

/** A run removed meanwhile must not hide the others. */
function nullWhereGone(error: unknown): null {
  if (!(error instanceof FailureError)) throw error;
  return null;
}

async function presentData(data: DataInfo): Promise<DataInfo> {
  const info = await asItIs(data);
  if (!info.present)
    throw new FailureError('data.invalid', { file: info.path ?? info.name, reason: say('run.dataGone') });
  return info;
}
