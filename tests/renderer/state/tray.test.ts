import { describe, expect, it } from 'vitest';
import { Session } from '../../../src/renderer/src/state/session.svelte';
import { Tray, type TrayPicture } from '../../../src/renderer/src/state/tray.svelte';
import type { Method, Params } from '../../../src/shared/protocol';
import { FakeClient } from '../fake-client';

const picture = (name: string, bytes = 200, more: Partial<TrayPicture> = {}): TrayPicture => ({
  name,
  read: async () => ({ kind: 'bytes', name, bytes: new Uint8Array(bytes) }),
  ...more,
});

async function begin(): Promise<{ client: FakeClient; session: Session; tray: Tray }> {
  const client = new FakeClient('lenet', {});
  const session = new Session(client);
  await session.begin();
  return { client, session, tray: new Tray(session) };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const sent = <M extends Method>(client: FakeClient, method: M): Params<M>[] =>
  client.calls.filter((call) => call.method === method).map(({ params }) => params as Params<M>);

describe('the tray', () => {
  it('is walked in a circle past pictures that cannot be opened, and finds back from a sample', async () => {
    const { session, tray } = await begin();
    tray.fill([picture('a.png'), picture('b.txt', 10), picture('c.png')], { name: 'dropped' });
    await tray.step(1);
    expect([tray.at, session.inspection?.input.file]).toEqual([0, 'a.png']);
    tray.want(tray.items[1]);
    await settled();
    expect(tray.items[1].failure?.code).toBe('image.format');
    await tray.step(1);
    expect(tray.current?.picture.name).toBe('c.png');
    await tray.step(1);
    expect(tray.current?.picture.name).toBe('a.png');
    await session.inspect({ kind: 'sample', id: 'digit-3' });
    expect(tray.current).toBeNull();
    await tray.show(tray.items[2]);
    expect(session.inspection?.input.file).toBe('c.png');
  });

  it('answers what is seen, the newest first, leaves out what is no longer seen, and asks again of another network', async () => {
    const { client, session, tray } = await begin();
    tray.fill(
      Array.from({ length: 5 }, (_, i) => picture(`${i}.png`)),
      { name: 'folder' },
    );
    for (const item of tray.items) tray.want(item);
    tray.leave(tray.items[3]);
    await settled();
    const asked = (): string[] => sent(client, 'glance').map(({ image }) => (image.kind === 'bytes' ? image.name : ''));
    expect(asked()).toEqual(['0.png', '4.png', '2.png', '1.png']);
    tray.want(tray.items[0]);
    await settled();
    expect(asked()).toHaveLength(4);
    await session.openModel({ kind: 'bundled', id: 'lenet' });
    tray.want(tray.items[0]);
    await settled();
    expect(asked()).toHaveLength(5);
  });

  it('takes a picture of an evaluation as the evaluation took it, and no later one', async () => {
    const { client, session, tray } = await begin();
    await session.setOptions({ invert: 'on', background: '#123456' });
    const asEvaluated = true;
    tray.fill([picture('a.png', 200, { truth: '3', asEvaluated }), picture('b.png')], { name: 'cell', back: 'train' });
    const last = (method: 'inspect' | 'glance'): [string?, string?] => {
      const { invert, background } = sent(client, method).at(-1)?.options ?? {};
      return [invert, background];
    };
    await tray.step(1);
    expect(tray.current?.picture.truth).toBe('3');
    tray.want(tray.items[0]);
    await settled();
    expect([last('inspect'), last('glance')]).toEqual([
      ['auto', undefined],
      ['auto', undefined],
    ]);
    await tray.step(1);
    tray.want(tray.items[1]);
    await settled();
    expect([last('inspect'), last('glance')]).toEqual([
      ['on', '#123456'],
      ['on', '#123456'],
    ]);
  });

  it('is written as comma-separated values, failures with their reason', async () => {
    const { tray } = await begin();
    tray.fill([picture('a, "1".png', 200, { truth: '=3' }), picture('b.txt', 10)], { name: 'dropped' });
    const [head, first, second] = (await tray.csv(new AbortController().signal)).split('\r\n');
    expect(head).toBe('file,actual,predicted,probability,error');
    expect(first).toMatch(/^"a, ""1"".png",'=3,\d,0\.\d+,$/);
    expect(second).toMatch(/^b\.txt,,,,.*b\.txt/);
    const gone = new AbortController();
    gone.abort();
    await expect(tray.csv(gone.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
