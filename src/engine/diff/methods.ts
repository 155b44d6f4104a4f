import type { Contender } from '../../shared/evaluation';
import type { Engine } from '../../shared/protocol';
import { sourceOf, type DataSets } from '../data-sets/data-sets';
import { sourceOfContender } from '../evaluation/task';
import { networkBytes } from '../models/models';
import { readFacts } from '../runs/facts';
import { resource } from '../system/root';
import { runTask } from '../work/work';
import type { Jobs } from '../worker/jobs';
import type { DiffNetwork } from './task';

/** What the engine does to compare two networks value by value. */
export function diffMethods(dataSets: DataSets, jobs: Jobs): Pick<Engine, 'diff'> {
  return {
    async diff({ a, b, inputs, job }, context) {
      const networks = { a: networkOf(a), b: networkOf(b) };
      // What is not there is refused before anything is computed.
      for (const { source } of [networks.a, networks.b]) if (source.kind !== 'bytes') await networkBytes(source);
      const compare = (data: string | null) =>
        jobs.run(job, context, (signal, progress) => runTask('diff', { ...networks, data }, { progress, signal }));
      if (inputs.kind === 'random') return { ...(await compare(null)), data: null };
      const source = inputs.kind === 'data' ? sourceOf(await dataSets.find(inputs.id)) : await learnedFrom(a);
      if (source === null) {
        const found = await compare(resource('samples'));
        // The app's own folder also holds their list, which is no picture.
        return { ...found, notes: found.notes.filter(({ code }) => !code.startsWith('folders.left')), data: null };
      }
      const data = await dataSets.at(source);
      return dataSets.using(data.id, async () => ({ ...(await compare(source)), data }));
    },
  };
}

const networkOf = (contender: Contender): DiffNetwork => ({
  source: sourceOfContender(contender),
  ...(contender.kind === 'file' && contender.picture && { picture: contender.picture }),
});

/** The data of a run; null where the app does not know it, and its own pictures are taken. */
const learnedFrom = async (contender: Contender): Promise<string | null> =>
  contender.kind === 'run' ? sourceOf((await readFacts(contender.id)).entry.data) : null;
