import { expect, it } from 'vitest';
import { Recent } from '../../src/shared/recent';

it('drops the least recently used entries first, and frees them', () => {
  const freed: string[] = [];
  const recent = new Recent<string, string>((value) => freed.push(value));
  recent.set('a', 'A', 3);
  recent.set('b', 'B', 2);
  recent.set('c', 'C', 2);
  expect(recent.get('a')).toBe('A');
  recent.trim(5);
  expect([freed, recent.size, recent.weight]).toEqual([['B'], 2, 5]);
  recent.set('a', 'A2', 1);
  expect([freed, recent.weight]).toEqual([['B', 'A'], 3]);
  recent.trim(0);
  expect([freed, recent.get('a')], 'the newest stays').toEqual([['B', 'A', 'C'], 'A2']);
  expect(recent.get('b')).toBeUndefined();
  recent.clear();
  expect([freed, recent.size, recent.weight]).toEqual([['B', 'A', 'C', 'A2'], 0, 0]);
});
