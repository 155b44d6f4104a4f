import type { Fit } from '../../../../shared/protocol';
import type { PixelRange, Proposal } from '../../../../shared/data-sets';
import type { NetworkChoice, NetworkVariant } from '../../../../shared/network-choice';
import type { RunRequest, TrainOptions } from '../../../../shared/runs';

/** How a run is called: by its network and, where several vote, its number among them. */
export type TitleOf = (network: NetworkChoice, member: { number: number; of: number } | null) => string;

/** What was chosen for the runs that one start begins. */
export interface Chosen {
  data: string;
  fit: Fit;
  range: PixelRange | undefined;
  network(variant: NetworkVariant): NetworkChoice;
  options: TrainOptions;
  /** One run for each. */
  variants: readonly NetworkVariant[];
  /** How many networks of each variant vote together; their seeds follow each other. */
  members: number;
  /** The recipe's id, where network and settings are its own. */
  recipe: string | null;
  /** Other networks with the same settings and seed, to compare. */
  beside: readonly NetworkChoice[];
  /** Beside a head: what is trained from random weights, with the seed of the head, to compare the two. */
  scratch: Pick<Proposal, 'network' | 'options'> | null;
}

/** The runs of a start, in their order. */
export function runRequests(chosen: Chosen, titleOf: TitleOf): RunRequest[] {
  const { data, fit, range, options, members, scratch } = chosen;
  const common = { data, fit, ...(range && { range }) };
  const requests = chosen.variants.flatMap((variant) =>
    Array.from({ length: members }, (_, i): RunRequest => {
      const network = chosen.network(variant);
      return {
        title: titleOf(network, members > 1 ? { number: i + 1, of: members } : null),
        ...common,
        network,
        ...(chosen.recipe !== null && variant === 'itself' ? { recipe: chosen.recipe } : {}),
        options: i === 0 ? options : { ...options, seed: (options.seed ?? 1) + i },
      };
    }),
  );
  for (const network of chosen.beside) requests.push({ title: titleOf(network, null), ...common, network, options });
  if (!scratch) return requests;
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const { network } = scratch;
  return [...requests, { title: titleOf(network, null), ...common, network, options: { ...scratch.options, ...seed } }];
}
