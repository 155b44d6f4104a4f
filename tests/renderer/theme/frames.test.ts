import { describe, expect, it } from 'vitest';
import { Frames } from '../../../src/renderer/src/theme/frames';

/** Frames that come when they are asked to, and a clock that only drawing moves. */
function byHand() {
  const booked: (() => Promise<void>)[] = [];
  const clock = { now: 0 };
  const frames = new Frames(
    (run) => void booked.push(run),
    () => clock.now,
  );
  const drawn: string[] = [];
  return {
    frames,
    booked,
    clock,
    drawn,
    drawing: (name: string, milliseconds: number) => () => {
      drawn.push(name);
      clock.now += milliseconds;
    },
    /** What the next frame draws. */
    async frame(): Promise<string[]> {
      const before = drawn.length;
      await booked.shift()?.();
      return drawn.slice(before);
    },
  };
}

describe('drawing that may wait a frame', () => {
  it('is shared out: what comes after the budget waits for the next frame', async () => {
    const { frames, frame, drawing, booked } = byHand();
    for (const name of ['a', 'b', 'c', 'd']) frames.ask({}, drawing(name, 5));
    expect(await frame()).toEqual(['a', 'b']);
    expect(await frame()).toEqual(['c', 'd']);
    expect(booked).toHaveLength(0);
  });

  it('comes to its turn even where it alone takes longer', async () => {
    const { frames, frame, drawing } = byHand();
    for (const name of ['a', 'b']) frames.ask({}, drawing(name, 90));
    expect(await frame()).toEqual(['a']);
    expect(await frame()).toEqual(['b']);
  });

  it('counts what is put off to the end of a turn', async () => {
    const { frames, frame, clock, drawing } = byHand();
    frames.ask({}, () => queueMicrotask(() => (clock.now += 20)));
    frames.ask({}, drawing('b', 1));
    expect(await frame()).toEqual([]);
    expect(await frame()).toEqual(['b']);
  });

  it('draws only the newest of what one owner asked for, in the first one’s place', async () => {
    const { frames, frame, drawing } = byHand();
    const [sheet, chart] = [{}, {}];
    frames.ask(sheet, drawing('snapshot 1', 5));
    frames.ask(chart, drawing('chart', 5));
    frames.ask(sheet, drawing('snapshot 2', 5));
    expect(await frame()).toEqual(['snapshot 2', 'chart']);
    expect(await frame()).toEqual([]);
  });

  it('goes on with what has more to draw while there is time, in turn with the others', async () => {
    const { frames, frame, drawing, booked } = byHand();
    let left = 5;
    frames.ask({}, () => {
      drawing(`tiles ${left}`, 3)();
      return --left > 0;
    });
    frames.ask({}, drawing('chart', 1));
    expect(await frame()).toEqual(['tiles 5', 'chart', 'tiles 4', 'tiles 3']);
    expect(await frame()).toEqual(['tiles 2', 'tiles 1']);
    expect(booked).toHaveLength(0);
  });

  it('forgets the rest of a drawing when its owner asks for another', async () => {
    const { frames, frame, drawing } = byHand();
    const sheet = {};
    frames.ask(sheet, () => {
      drawing('old', 1)();
      frames.ask(sheet, drawing('new', 1));
      return true;
    });
    expect(await frame()).toEqual(['old']);
    expect(await frame()).toEqual(['new']);
    expect(await frame()).toEqual([]);
  });

  it('leaves out what was taken back', async () => {
    const { frames, frame, drawing } = byHand();
    const takeBack = frames.ask({}, drawing('a screen that is gone', 1));
    frames.ask({}, drawing('chart', 1));
    takeBack();
    expect(await frame()).toEqual(['chart']);
  });

  it('goes on after a drawing that fails, and asks for no frame while there is nothing to draw', async () => {
    const { frames, frame, drawing, booked } = byHand();
    expect(booked).toHaveLength(0);
    frames.ask({}, () => {
      throw new Error('no canvas');
    });
    frames.ask({}, drawing('b', 1));
    await expect(frame()).rejects.toThrow('no canvas');
    expect(await frame()).toEqual(['b']);
    expect(booked).toHaveLength(0);
  });
});
