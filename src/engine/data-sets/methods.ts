import type { Engine } from '../../shared/protocol';
import type { Jobs } from '../worker/jobs';
import { runTask } from '../work/work';
import { sourceOf, type DataSets } from './data-sets';

export type DataMethods = Pick<
  Engine,
  'dataSets' | 'addData' | 'forgetData' | 'survey' | 'beginUpload' | 'upload' | 'endUpload' | 'cancelUpload'
>;

/** What the engine does for data sets. */
export function dataMethods(dataSets: DataSets, jobs: Jobs): DataMethods {
  const { uploads } = dataSets;
  return {
    async dataSets(_params, context) {
      const list = await dataSets.list();
      for (const failure of dataSets.takeNotices()) context.emit('notice', { failure: failure.toJSON() });
      return list;
    },
    addData: ({ path }) => dataSets.add(path),
    async forgetData({ data }) {
      await dataSets.forget(data);
      return {};
    },
    async survey({ data, network, fit, range, job }, context) {
      const info = await dataSets.find(data);
      return jobs.run(job, context, (signal, progress) =>
        dataSets.using(data, async () => {
          const request = { source: sourceOf(info), network, fit, range };
          return { data, ...(await runTask('survey', request, { progress, signal })) };
        }),
      );
    },
    beginUpload: async ({ name, files, bytes }) => ({ upload: await uploads.begin(name, files, bytes) }),
    upload: async ({ upload, path, bytes }) => ({ bytes: await uploads.put(upload, path, bytes) }),
    endUpload: async ({ upload }) => dataSets.ended(upload),
    async cancelUpload({ upload }) {
      await uploads.cancel(upload);
      return {};
    },
  };
}
