import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../src/shared/failures';
import { Session } from '../../../src/renderer/src/state/session.svelte';
import { isFlat } from '../../../src/renderer/src/state/layers';
import { FakeClient } from '../fake-client';

async function begin(): Promise<{ client: FakeClient; session: Session; dense: number }> {
  const client = new FakeClient();
  const session = new Session(client);
  await session.begin();
  return { client, session, dense: session.model!.layers.findIndex(isFlat) };
}

describe('thumbnails of flat features', () => {
  it('are the values, asked for once, however many look at them', async () => {
    const { client, session, dense } = await begin();
    const tensors = session.tensors!;
    const sheet = tensors.sheet(dense);
    await Promise.all([sheet.need(0, 1), sheet.need(3, 2), tensors.values(dense, -1).promise]);
    const { data } = tensors.values(dense, -1).value!;
    for (const channel of [0, 1, 4, data.length - 1]) {
      const { absMax, min, max, step, data: bytes } = sheet.map(channel)!;
      const value = data[channel];
      expect([min, max, absMax]).toEqual([value, value, Math.abs(value)]);
      expect(step * bytes[0]).toBeCloseTo(value, 6);
    }
    const asked = client.calls.filter(({ params }) => (params as { layer?: number }).layer === dense);
    expect(asked.map(({ method }) => method)).toEqual(['values']);
  });

  it('pass a failure on', async () => {
    const { client, session, dense } = await begin();
    client.failing.values = new FailureError('handle.gone', { what: 'inspection', handle: 1 });
    await session.tensors!.sheet(dense).need(0, 1);
    expect(session.tensors!.sheet(dense).map(0)).toBeNull();
    expect(session.tensors!.values(dense, -1).failure).toMatchObject({ code: 'handle.gone' });
  });
});
