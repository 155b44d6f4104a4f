import { expect, it } from 'vitest';
import { damageOf } from '../../../src/engine/image/damage';
import { sentence } from '../../../src/words';

it('says in Chinese what libjpeg finds, without a word of its English', () => {
  const told = (text: string): string => sentence(damageOf(new Error(`VipsJpeg: ${text}`)), 'zh');
  expect(told('premature end of JPEG image')).toBe('JPEG 数据提前结束');
  expect(told('Corrupt JPEG data: premature end of data segment')).toBe('JPEG 数据已损坏：数据段提前结束');
  expect(told('Corrupt JPEG data: bad Huffman code')).toBe('JPEG 数据已损坏：霍夫曼编码有误');
  expect(told('Corrupt JPEG data: 12 extraneous bytes before marker 0xd9')).toBe(
    'JPEG 数据已损坏：标记 0xd9 之前多出 12 字节',
  );
  expect(told('Corrupt JPEG data: found marker 0xd9 instead of RST4')).toBe(
    'JPEG 数据已损坏：实际为标记 0xd9，应为 RST4',
  );
});
