import { FailureError } from '../../shared/failures';
import { isMessage, say } from '../../words';
import { ForeignNetwork } from './foreign-network';
import { GraphOnly } from './graph-only';
import { readNetworkFile, type NetworkFile } from './network-file';
import { NetworkRunner, type RunnerLimits } from './runner';

/** A network whose graph is known at once, while onnxruntime may take seconds to open it. */
export interface OpeningNetwork {
  /** The graph alone: the same nodes and values in the same order, none of which can be had. */
  graph(): ForeignNetwork;
  /** Opened; of one that cannot be computed the graph alone, with the reason. Rejects with FailureError `cancelled`. */
  whole: Promise<ForeignNetwork>;
  /** Nobody needs it any more: opening ends, what was opened is freed. */
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
  const ended = new AbortController();
  const open = async (): Promise<ForeignNetwork> => {
    try {
      return new ForeignNetwork(
        await NetworkRunner.open(file, { ...limits, network, signal: ended.signal }),
        onDispose,
      );
    } catch (error) {
      const reason = error instanceof FailureError && error.code === 'model.invalid' ? error.values.reason : null;
      if (isMessage(reason)) return new ForeignNetwork(new GraphOnly(file, network, reason), onDispose);
      onDispose?.();
      throw error;
    }
  };
  const whole = open();
  whole.catch(() => undefined); // whoever waits for it is told
  return {
    graph: () => new ForeignNetwork(new GraphOnly(file, network, say('foreign.opening'))),
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
