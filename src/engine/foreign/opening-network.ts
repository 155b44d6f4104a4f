import { FailureError } from '../../shared/failures';
import { isMessage, say } from '../../words';
import { foldingOf, ForeignNetwork, type Folding } from './foreign-network';
import { GraphOnly } from './graph-only';
import { readNetworkFile, type NetworkFile } from './network-file';
import { NetworkRunner, type RunnerLimits } from './runner';

/** A network whose graph is known at once, while onnxruntime may take seconds to open it. */
export interface OpeningNetwork {
  /** The graph alone: the same nodes and values in the same order, but no value can be computed. */
  graph(): ForeignNetwork;
  /** The opened network; the graph alone, with the reason, if it cannot be computed. Rejects with FailureError `cancelled` after `dispose`. */
  whole: Promise<ForeignNetwork>;
  /** Cancels opening, or frees the network if it is open. */
  dispose(): void;
}

/** @throws FailureError for a file that cannot be read, `model.invalid` for one in which nothing is. */
export function openingNetwork(
  file: NetworkFile,
  { onDispose, ...limits }: Partial<RunnerLimits> & { onDispose?: () => void } = {},
): OpeningNetwork {
  const network = readNetworkFile(file);
  const { inputs, nodes } = network.graph;
  if (inputs.length + nodes.length === 0)
    throw new FailureError('model.invalid', { file: file.name, reason: say('foreign.empty') });
  // The graph and the opened network are drawn alike; large graphs take long to fold.
  let folding: Folding | undefined;
  const folded = (): Folding => (folding ??= foldingOf(network.graph));
  const ended = new AbortController();
  const open = async (): Promise<ForeignNetwork> => {
    try {
      const runner = await NetworkRunner.open(file, { ...limits, network, signal: ended.signal });
      return new ForeignNetwork(runner, folded(), onDispose);
    } catch (error) {
      const reason = error instanceof FailureError && error.code === 'model.invalid' ? error.values.reason : null;
      if (isMessage(reason)) return new ForeignNetwork(new GraphOnly(file, network, reason), folded(), onDispose);
      onDispose?.();
      throw error;
    }
  };
  const whole = open();
  whole.catch(() => undefined); // callers that await `whole` get the error
  return {
    graph: () => new ForeignNetwork(new GraphOnly(file, network, say('foreign.opening')), folded()),
    whole,
    dispose() {
      ended.abort();
      void whole.then(
        (opened) => opened.dispose(),
        () => undefined,
      );
    },
  };
}
