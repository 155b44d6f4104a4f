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

it.each([
  'Bogus Huffman table definition',
  'Huffman table 0x01 was not defined',
  'Quantization table 0x00 was not defined',
  'Bogus marker length',
  'Unsupported marker type 0x61',
  'no frames in GIF',
  'unable to read pixels',
  'Using code not yet in table',
  'Unknown error',
  'svgload_buffer: glib: XML does not have <svg> root',
  'svgload_buffer: glib: XML parse error: Error domain 1 code 77 on line 1 column 104 of data: Premature end of data in tag svg line 1',
])('says what a library found without quoting its English: %s', (text) => {
  const damage = damageOf(new Error(`VipsForeignLoad: ${text}`));
  expect(damage.code).not.toBe('system.quoted');
  const chinese = sentence(damage, 'zh').replaceAll(/JPEG|GIF|XML|svg|0x61/g, '');
  expect(chinese).not.toMatch(/[a-z]{2}/i);
});
