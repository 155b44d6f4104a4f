import { PHOTO_BODY, PHOTO_NETWORK, SIDES, type Side } from '../../shared/network-inputs';
import { networkMadeFor } from '../../shared/known-sets';
import type { DataFacts, Proposal } from '../../shared/data-sets';
import { headOptions, type NetworkChoice } from '../../shared/network-choice';
import type { TrainOptions } from '../../shared/runs';
import { say, type Message } from '../../words';

/** Training pictures from which a larger input pays: of fewer, a small network learns as much from 32 × 32, in a quarter of the time. */
const MANY = 2000;
/** Updates that a network from random weights is given, about. */
const UPDATES = 2400;
const EPOCHS = { least: 10, most: 120 };
/** Pictures of a class below which a network from random weights hardly learns more than the pictures themselves. */
const FEW_OF_A_CLASS = 50;
/** The shorter side, in pixels, below which pictures are rather icons or drawings. */
const PHOTO_SIDE = 96;
/** Training pictures below which a fifth of them validates: a tenth would tell nothing. */
const SMALL = 1000;

/**
 * Network and settings that fit a data set, with a line for each choice. Pure: what is known of the data decides.
 * @param facts of `dataFacts`.
 */
export function propose(facts: DataFacts): Proposal {
  const made = networkMadeFor(facts.known);
  if (made) {
    const network: NetworkChoice = { source: { kind: 'bundled', id: made }, variant: 'itself' };
    return { facts, network, options: {}, reasons: [say('propose.known')], few: null };
  }
  const { side, channels, reasons } = input(facts);
  const training = forTraining(facts);
  return {
    facts,
    network: { source: { kind: 'bundled', id: PHOTO_NETWORK }, variant: 'itself', input: { side, channels } },
    ...withReasons(facts, side, training, reasons),
    few: fewOf(facts),
  };
}

/**
 * As `propose`, and for few photos a head on the network that comes along for photos: ten of each class are often enough for it.
 * A folder of icons or drawings is left to a network of its own.
 */
export function proposeOrHead(facts: DataFacts): Proposal {
  const own = propose(facts);
  const { colored, width, height } = facts;
  if (!own.few || !colored || Math.min(width, height) < PHOTO_SIDE) return own;
  const { count, each } = own.few.values;
  return {
    facts,
    network: { source: { kind: 'body', id: PHOTO_BODY }, variant: 'itself' },
    options: headOptions,
    reasons: [
      say('propose.head', { count: count as number, each: each as number }),
      say('propose.head.frozen'),
      say('propose.head.settings'),
    ],
    few: null,
    scratch: { network: own.network, options: own.options },
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** How large the pictures go in, and whether in color. */
function input({ train, width, height, colored }: DataFacts): { side: Side; channels: 1 | 3; reasons: Message[] } {
  const largest: Side = sum(train) < MANY ? 32 : 64;
  const side = SIDES.findLast((each) => each <= Math.min(width, height, largest)) ?? SIDES[0];
  const size = say('propose.size', { width, height, side });
  const network = say('propose.network', { side });
  return { side, channels: colored ? 3 : 1, reasons: [size, say(colored ? 'propose.color' : 'propose.gray'), network] };
}

/** Training pictures once a validation split is taken, and the share that is. */
function forTraining({ train, validation }: DataFacts): { count: number; share: number | null } {
  const all = sum(train);
  if (validation !== null) return { count: all, share: null };
  const share = all < SMALL ? 0.2 : 0.1;
  return { count: Math.round(all * (1 - share)), share };
}

function withReasons(
  { colored }: DataFacts,
  side: number,
  { count, share }: ReturnType<typeof forTraining>,
  reasons: readonly Message[],
): { options: TrainOptions; reasons: Message[] } {
  const batch = count < 1000 ? 8 : count < 4000 ? 16 : count < 20_000 ? 32 : 64;
  const steps = Math.max(1, Math.ceil(count / batch));
  const epochs = Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.ceil(UPDATES / steps)));
  const patience = Math.max(5, Math.round(epochs / 2));
  const shift = Math.round(side / 10);
  const options: TrainOptions = {
    batch,
    epochs,
    patience,
    ...(share !== null && share !== 0.1 && { validation: share }),
    augment: { shift, ...(colored && { flip: 'horizontal' }) },
  };
  return {
    options,
    reasons: [
      ...reasons,
      say('propose.batch', { batch, count }),
      say('propose.epochs', { epochs, updates: steps * epochs }),
      say(colored ? 'propose.augment.photo' : 'propose.augment.drawing', { shift }),
      say('propose.patience', { patience }),
      ...(options.validation ? [say('propose.validation', { share: 100 * options.validation })] : []),
    ],
  };
}

function fewOf({ train }: DataFacts): Message | null {
  const present = train.filter((count) => count > 0);
  const count = sum(present);
  if (present.length === 0 || count >= FEW_OF_A_CLASS * present.length) return null;
  return say('propose.few', { count, each: Math.round(count / present.length) });
}
