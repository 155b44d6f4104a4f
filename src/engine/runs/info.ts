import { resolveSettings } from '../../core/train/settings';
import { keptFailure, type Failure } from '../../shared/failures';
import type { DataInfo } from '../../shared/data-sets';
import type { RunInfo, RunProgress, RunState, TrainSettings } from '../../shared/runs';
import { stuckBy } from '../train/advice';
import { settingsOf } from '../train/settings';
import type { Message } from '../../words';
import type { RunFacts } from './facts';
import type { Summary } from './metrics';

/** A run in progress in this engine. */
export interface LiveState {
  state: RunState;
  progress: RunProgress | null;
  summary: Summary;
}

/**
 * The state of a run that this engine is not training.
 * @param held a living process trains in its folder: another Convscope, or one whose engine has just ended.
 */
export function stateAtRest(facts: RunFacts, held: boolean): RunState {
  const { entry, record, damage } = facts;
  if (held) return record ? 'training' : 'reading';
  // A finished run stays finished, even if the app was closed right at its last update.
  if (!damage && record?.state === 'finished' && usable(facts).epochs <= record.settings.epochs) return 'finished';
  if (entry.end) return entry.end.state;
  if (damage) return 'failed';
  // Finished once, then extended by more epochs that were never trained: also interrupted.
  if (!record || record.state === 'running' || record.state === 'finished') return 'interrupted';
  return record.state;
}

/** All that the window shows of a run. */
export function infoOf(
  facts: RunFacts,
  { live, held = false, said, data }: { live?: LiveState; held?: boolean; said: readonly Message[]; data: DataInfo },
): RunInfo {
  const { id, entry, record, network } = facts;
  const { summary } = live ?? facts;
  const settings = usable(facts);
  // From the earlier end, until the run has passed it.
  const result = record?.result && record.result.epochs >= summary.epochs ? record.result : null;
  const validation = summary.best?.validation ?? null;
  return {
    id,
    title: facts.notes.title || entry.title,
    notes: facts.notes,
    network: entry.network,
    networkTitle: entry.networkTitle ?? null,
    recipe: entry.recipe,
    data,
    fit: entry.fit,
    range: entry.range ?? null,
    started: entry.created,
    state: live?.state ?? stateAtRest(facts, held),
    progress: live?.progress ?? null,
    epoch: result?.epochs ?? summary.epochs,
    epochs: settings.epochs,
    bestEpoch: result?.bestEpoch ?? summary.best?.epoch ?? null,
    accuracy: result?.accuracy ?? { train: null, validation: validation?.accuracy ?? null, test: null },
    loss: result?.loss ?? { train: null, validation: validation?.loss ?? null, test: null },
    parameters: network.parameters,
    macs: network.macs,
    seconds: result?.seconds ?? summary.seconds,
    labels: record?.labels ?? [],
    inputShape: network.inputShape,
    settings,
    samples: record?.data.samples ?? { train: 0, validation: 0, test: 0 },
    commonest: record?.data.commonest ?? { train: null, validation: null, test: null },
    hasModel: facts.hasModel || summary.best !== null,
    failure: live || held ? null : failureOf(facts),
    check: record?.check ?? null,
    stuck: stuckOf(said, record),
    said: facts.notesDamage ? [...said, facts.notesDamage] : [...said],
  };
}

/** Messages are known before the record is written. */
function stuckOf(said: readonly Message[], record: RunFacts['record']): Message | null {
  const told = stuckBy(said);
  return told === undefined ? (record?.stuck ?? null) : told;
}

function failureOf({ entry, record, damage }: RunFacts): Failure | null {
  return keptFailure(entry.end?.failure ?? null) ?? damage ?? keptFailure(record?.failure ?? null);
}

/** The settings of a damaged request may be invalid. */
function usable({ entry, record }: RunFacts): TrainSettings {
  try {
    return settingsOf(entry.options);
  } catch {
    return record?.settings ?? resolveSettings({});
  }
}
