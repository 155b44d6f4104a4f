import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { passOn } from '../../../src/engine/image/library-lines';

it('what libraries say of a picture does not reach the terminal, what others say does, however it comes in pieces', async () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  passOn(from, to);
  const all = [
    '(process:7): GLib-GObject-CRITICAL **: 10:12:01.123: g_object_unref: assertion failed',
    'Error: a fault of ours',
    '(sharp:12): VIPS-WARNING **: error in tile 0 x 0',
    'VIPS: something',
    '    at decode (decoder.js:1:2)',
    '',
    'the GLib in the middle of a line is for people',
    'last, without an end',
  ].join('\n');
  for (let at = 0; at < all.length; at += 7) from.write(all.slice(at, at + 7));
  from.end();
  from.on('close', () => to.end());
  expect(await text(to)).toBe(
    [
      'Error: a fault of ours',
      '    at decode (decoder.js:1:2)',
      'the GLib in the middle of a line is for people',
      'last, without an end\n',
    ].join('\n'),
  );
});
