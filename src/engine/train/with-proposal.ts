import type { TrainOptions } from '../../core/train/options';
import { say } from '../../words';
import { dataFacts } from '../data/facts';
import { architectureChosen } from './architecture-chosen';
import { propose } from './proposal';
import type { TrainHost, TrainRequest } from './request';

/**
 * A request that names data and no network, with what fits the data filled in: network, and every setting that is left out. What was
 * filled in is logged, with the reasons, and listed by name in `proposed`.
 * @throws FailureError as `dataFacts`.
 */
export async function withProposal(request: TrainRequest & { data: string }, host: TrainHost): Promise<TrainRequest> {
  const { data, range, options: given } = request;
  const { network, options, reasons, few } = propose(await dataFacts(data, { range, signal: host.signal }));
  for (const message of [say('propose.title'), ...reasons, ...(few ? [few] : [])]) host.say(message);
  const added = Object.fromEntries(
    Object.entries(options).filter(([name]) => given[name as keyof TrainOptions] === undefined),
  );
  return {
    ...request,
    model: await architectureChosen(network),
    options: { ...given, ...added },
    proposed: ['model', ...Object.keys(added)],
  };
}
