import { describe, expect, it } from 'vitest';
import { uploadPath } from '../../../src/engine/data-sets/upload-path';

describe('paths of uploads', () => {
  it.each(['a.png', '猫/一.png', '🐶/👨‍👩‍👧.jpg', 'a b/c (1).png', '...png/..b', 'é/é.png', '.hidden/x'])(
    'take %s',
    (path) => {
      for (const platform of ['linux', 'win32', 'darwin'] as const)
        expect(uploadPath(path, platform)).toEqual(path.split('/'));
    },
  );

  it.each([
    ['con', 'device'],
    ['a/NUL.png', 'device'],
    ['com1.jpg', 'device'],
    ['LPT¹', 'device'],
    ['a/c:b.png', 'does not allow'],
    ['what?.png', 'does not allow'],
    ['a./b.png', 'ends in a dot'],
    ['a/b ', 'ends in a dot or a space'],
  ])('refuse %s on Windows alone', (path, message) => {
    expect(() => uploadPath(path, 'win32')).toThrow(message);
    expect(uploadPath(path, 'linux')).toEqual(path.split('/'));
  });

  it('take names that only look like devices', () => {
    for (const name of ['console.png', 'auxiliary', 'com10.png', 'nulls'])
      expect(uploadPath(name, 'win32')).toEqual([name]);
  });
});
