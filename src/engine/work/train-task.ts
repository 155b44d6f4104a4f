import type { FirstFilters, MetricsLine, RunProgress } from '../../shared/runs';
import { trainHead } from '../head/head-run';
import type { HeadRequest } from '../head/request';
import type { TrainOutcome } from '../train/outcome';
import { SHORT_UPDATE, type TrainHost, type TrainRequest } from '../train/request';
import { train as trainInto } from '../train/trainer';
import type { WorkHost } from './messages';

export type TrainNews =
  /** `run.json` is there; metrics are cut to what the run goes on from. */
  | { kind: 'begun' }
  | { kind: 'progress'; progress: RunProgress }
  | { kind: 'metrics'; lines: MetricsLine[] }
  | { kind: 'filters'; filters: FirstFilters }
  | { kind: 'paused' }
  | { kind: 'continued' };

export type TrainOrder = 'pause' | 'continue';

/** Milliseconds in which lines of metrics are gathered into one message. */
const GATHER = 200;

/** Trains a run, see ../train/trainer. Cancelled it ends as `stopped`, with a checkpoint, or before anything was trained as `cancelled`. */
export const train = (request: TrainRequest, host: WorkHost<TrainNews, TrainOrder>): Promise<Ended> =>
  watched(host, (trainHost) => trainInto(request, trainHost));

/** Trains a head on a body, see ../head/head-run. Cancelled while it trains it ends as `stopped`, and begins anew where it is resumed. */
export const head = (request: HeadRequest, host: WorkHost<TrainNews, TrainOrder>): Promise<Ended> =>
  watched(host, (trainHost) => trainHead(request, trainHost));

type Ended = Pick<TrainOutcome, 'end'>;

async function watched(
  host: WorkHost<TrainNews, TrainOrder>,
  training: (trainHost: TrainHost) => Promise<TrainOutcome>,
): Promise<Ended> {
  const lines = new Lines((gathered) => host.tell({ kind: 'metrics', lines: gathered }));
  try {
    const { end } = await training({
      say: (message) => host.say(message),
      progress: (progress) => host.tell({ kind: 'progress', progress }),
      signal: host.signal,
      begun() {
        host.keeps();
        host.tell({ kind: 'begun' });
      },
      updated: (seconds) => host.hears(seconds < SHORT_UPDATE),
      metrics: (line) => lines.add(line),
      filters: (filters) => host.tell({ kind: 'filters', filters }),
      pause: pauseOf(host, () => lines.flush()),
    });
    return { end };
  } finally {
    lines.flush();
  }
}

/** `settle` sends what is held back: no training news may follow `paused`. */
function pauseOf(
  host: WorkHost<TrainNews, TrainOrder>,
  settle: () => void,
): { asked(): boolean; over(): Promise<void> } {
  let asked = false;
  let goOn = (): void => undefined;
  host.onOrder((order) => {
    asked = order === 'pause';
    if (!asked) goOn();
  });
  host.signal.addEventListener('abort', () => goOn());
  return {
    asked: () => asked,
    async over() {
      const over = new Promise<void>((resolve) => (goOn = resolve));
      if (!asked || host.signal.aborted) return; // the pause was cancelled while the checkpoint was written
      settle();
      host.tell({ kind: 'paused' });
      await over;
      if (!host.signal.aborted) host.tell({ kind: 'continued' });
    },
  };
}

/** Batches lines, because a small network writes hundreds a second. */
class Lines {
  private gathered: MetricsLine[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly send: (lines: MetricsLine[]) => void) {}

  add(line: MetricsLine): void {
    this.gathered.push(line);
    this.timer ??= setTimeout(() => this.flush(), GATHER);
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.gathered.length > 0) this.send(this.gathered);
    this.gathered = [];
  }
}
