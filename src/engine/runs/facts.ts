import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGraph } from '../../core/model/build';
import { FailureError, toFailure, type Failure } from '../../shared/failures';
import type { DataInfo } from '../../shared/data-sets';
import type { RunNotes } from '../../shared/runs';
import { say } from '../../words';
import { describeGraph } from '../models/describe';
import { RunFolder } from '../train/run-folder';
import type { RunRecord } from '../train/run-record';
import { addLine, nothingYet, readMetrics, type Summary } from './metrics';
import { describeNetwork } from './network';
import { noNotes, readNotes } from './notes';
import { gone, readEntry, runFolderOf, type RunEntry } from './store';

/** The content of a run's folder. */
export interface RunFacts {
  id: string;
  entry: RunEntry;
  /** Null before its data was read for the first time. */
  record: RunRecord | null;
  summary: Summary;
  network: NetworkSize;
  hasModel: boolean;
  /** Why something in the folder cannot be read; the rest is then as complete as possible. */
  damage: Failure | null;
  notes: RunNotes;
  /** Why its notes cannot be read: that harms nothing else. */
  notesDamage: Failure | null;
}

interface NetworkSize {
  parameters: number;
  /** Null where they are not known: of a head, whose body is another's. */
  macs: number | null;
  /** `[C, H, W]`. */
  inputShape: number[];
}

const known = new Map<string, { stamp: string; facts: RunFacts }>();

/**
 * Reads the folder of a run, again whenever one of its files has changed. A damaged one is described as well as
 * possible.
 * @throws FailureError where there is no such run.
 */
export async function readFacts(id: string): Promise<RunFacts> {
  const stamp = await stampOf(id);
  const before = known.get(id);
  if (before?.stamp === stamp) return before.facts;
  const facts = await read(id);
  known.set(id, { stamp, facts });
  return facts;
}

/** Changes whenever a file of the run does. */
async function stampOf(id: string): Promise<string> {
  const folder = runFolderOf(id);
  const files = ['.', 'notes.json', 'request.json', 'run.json', 'metrics.jsonl', 'model.onnx'];
  const infos = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => null)));
  if (!infos[0]?.isDirectory()) {
    known.delete(id);
    throw gone(id);
  }
  return infos.map((info) => (info ? `${info.ino} ${info.mtimeMs} ${info.size}` : '')).join();
}

async function read(id: string): Promise<RunFacts> {
  const folder = new RunFolder(runFolderOf(id));
  let damage: Failure | null = null;
  const orNull = <T>(reading: Promise<T>): Promise<T | null> =>
    reading.catch((error: unknown) => {
      damage ??= toFailure(error);
      return null;
    });
  const record = (await folder.has('run.json')) ? await orNull(folder.read()) : null;
  const entry = await orNull(readEntry(id));
  if (!entry && !record) {
    const reason = say('run.noFiles');
    damage ??= new FailureError('run.invalid', { run: folder.path, reason }).toJSON();
  }
  let notesDamage: Failure | null = null;
  const notes = await readNotes(folder.path).catch((error: unknown) => {
    notesDamage = toFailure(error);
    return noNotes;
  });
  const lines = await orNull(readMetrics(folder.file('metrics.jsonl')));
  const network = await orNull(sizeOf(entry, record));
  return {
    id,
    entry: entry ?? entryOf(id, record),
    record,
    summary: (lines ?? []).reduce(addLine, nothingYet),
    network: network ?? { parameters: 0, macs: 0, inputShape: [] },
    hasModel: await folder.has('model.onnx'),
    damage,
    notes,
    notesDamage,
  };
}

/** As it is trained; before its data was read, the network unchanged, with its own classes. */
async function sizeOf(entry: RunEntry | null, record: RunRecord | null): Promise<NetworkSize | null> {
  if (record?.body) {
    const { parameters, inputShape } = record.body;
    const { totals } = describeGraph(buildGraph(record.spec));
    return { parameters: parameters + totals.params, macs: null, inputShape: [...inputShape] };
  }
  if (!record && !entry?.network) return null;
  const { totals, inputShape } = record
    ? describeGraph(buildGraph(record.spec))
    : await describeNetwork(entry!.network!, null);
  return { parameters: totals.params, macs: totals.macs, inputShape };
}

/** For a run that was copied here (or lost its own entry): the facts in its record, or only the defaults. */
function entryOf(id: string, record: RunRecord | null): RunEntry {
  return {
    format: 1,
    title: record?.title ?? record?.model ?? id,
    network: null,
    recipe: record?.recipe ?? null,
    data: record ? dataOf(record) : { id: '', name: '', kind: 'folder', path: null, present: false },
    fit: null,
    options: record?.options ?? {},
    created: record?.started ?? createdOf(id),
    end: null,
  };
}

function dataOf({ data: { path, name, format } }: RunRecord): DataInfo {
  if (format === 'generated') return { id: path, name: path, kind: 'generated', path: null, present: true };
  return { id: path, name, kind: 'folder', path, present: true };
}

/** The time at the start of an id. */
function createdOf(id: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
