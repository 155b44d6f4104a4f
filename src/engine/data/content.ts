import { say, type Message } from '../../words';

/** First bytes of files that are often mistaken for data files. */
const STARTS: readonly (readonly [start: string, kind: Parameters<typeof say>[0] & `data.content.${string}`])[] = [
  ['PK\x03\x04', 'data.content.zip'],
  ['\x1f\x8b', 'data.content.gzip'],
  ['BZh', 'data.content.bzip2'],
  ['\xfd7zXZ\0', 'data.content.xz'],
  ['\x28\xb5\x2f\xfd', 'data.content.zstd'],
  ['7z\xbc\xaf\x27\x1c', 'data.content.7z'],
  ['Rar!', 'data.content.rar'],
  ['\x93NUMPY', 'data.content.npy'],
  ['\x89HDF', 'data.content.hdf5'],
  ['%PDF', 'data.content.pdf'],
  ['\x89PNG', 'data.content.picture'],
  ['\xff\xd8\xff', 'data.content.picture'],
  ['GIF8', 'data.content.picture'],
  ['version https://git-lfs', 'data.content.lfs'],
];

/**
 * What content seems to be that is no data file: told by how it begins. Null for what begins as an idx file or a record of
 * CIFAR-10 does.
 */
export function foundIn(head: Uint8Array): Message | null {
  const text = String.fromCharCode(...head);
  const known = STARTS.find(([start]) => text.startsWith(start));
  if (known) return say(known[1] as 'data.content.zip');
  if (/^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body)/i.test(text)) return say('data.content.html');
  if (/^(\xef\xbb\xbf)?\s*<(\?xml|\w)/.test(text)) return say('data.content.xml');
  if (head.length > 0 && /^(\xef\xbb\xbf)?[\t\n\r\x20-\x7e]*$/.test(text)) return say('data.content.text');
  const idx = head[0] === 0 && head[1] === 0 && head[2] >= 8 && head[2] <= 14;
  if (idx || head[0] < 10) return null;
  const bytes = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return say('data.content.bytes', { bytes });
}
