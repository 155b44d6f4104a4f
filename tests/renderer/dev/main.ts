/** The window on the fake engine, for looking at it: `node tests/renderer/dev/serve.mjs`. */
import { FakeClient } from '../fake-client';
import { fakeData } from '../fake-data';
import { fakeComparison, FakeEvaluation } from '../fake-evaluation';
import { fakeRun, FakeRuns } from '../fake-runs';

const asked = new URLSearchParams(location.search);
const runs = new FakeRuns(
  asked.has('runs')
    ? [
        fakeRun('3', 'interrupted', { epoch: 4, bestEpoch: 4, hasModel: true }),
        fakeRun('5', 'finished'),
        fakeRun('6', 'diverged', {
          epoch: 1,
          failure: {
            code: 'train.diverged',
            values: {},
            message: 'step 61 (epoch 2): the loss is NaN, first in layer dense1; try a lower learning rate',
          },
        }),
        fakeRun('8', 'stopped', { epoch: 3, bestEpoch: 3, hasModel: true, title: 'Katzen und Hunde 猫狗 🐶' }),
        fakeRun('9', 'queued'),
      ]
    : [],
  asked.has('dense') ? [64, 1, 28, 28] : undefined,
);
const { training } = new FakeEvaluation([...runs.runs.values()]).client;
// ?slow: data sets take their time.
const client: FakeClient = new FakeClient(
  asked.get('net') ?? 'lenet',
  {},
  { ...training, ...fakeData(() => client, { slow: asked.has('slow') }), ...runs.answers },
);
runs.client = client;
if (asked.has('train')) {
  runs.runs.set('7', fakeRun('7', 'training', { started: '2026-11-21T09:00:00.000Z' }));
  runs.train('7', Number(asked.get('train')) || 250);
}
// ?compare: runs and an engine that evaluates; ?compare=many has many classes.
window.convscope = asked.has('compare') ? fakeComparison(asked.get('compare') ?? '').client : client;
await import('../../../src/renderer/src/main');
