import { expect, test } from 'vitest';
import { readLesson, writeLesson } from '../../../src/shared/lesson';
import { Lesson } from '../../../src/renderer/src/state/lesson.svelte';
import type { Places } from '../../../src/renderer/src/state/places.svelte';

const link = (map: number): string => `convscope://inspect/lenet5-mnist?map=${map}`;
const bookmarks = [0, 1, 2].map((map) => ({ name: `Map ${map}`, link: link(map) }));

function lessonOf(): { lesson: Lesson; opened: string[]; names: () => string } {
  const opened: string[] = [];
  const places = {
    link: () => Promise.resolve({ link: link(9), without: false }),
    open: (text: string) => Promise.resolve(opened.push(text) > 0),
  } as unknown as Places;
  const lesson = new Lesson(places);
  lesson.take(writeLesson(bookmarks));
  return { lesson, opened, names: () => lesson.bookmarks.map(({ name }) => name).join() };
}

test('one steps through it, and stays at its ends', async () => {
  const { lesson, opened } = lessonOf();
  expect(lesson.beside(1)).toBe(0);
  for (let at = lesson.beside(1); at !== null; at = lesson.beside(1)) await lesson.go(at);
  expect(opened).toEqual(bookmarks.map((each) => each.link));
  await lesson.go(lesson.beside(-1)!);
  expect(opened.at(-1)).toBe(link(1));
});

test('bookmarks are added behind the current one, renamed, reordered and removed, and the current one stays current', async () => {
  const { lesson, names } = lessonOf();
  await lesson.go(1);
  lesson.move(1, -1);
  expect([names(), lesson.at]).toEqual(['Map 1,Map 0,Map 2', 0]);
  expect(lesson.move(0, -1)).toBe(false);
  await lesson.add('New');
  expect([names(), lesson.at]).toEqual(['Map 1,New,Map 0,Map 2', 1]);
  lesson.rename(2, '  The first map ');
  lesson.rename(3, '   ');
  const undo = lesson.remove(0);
  expect([names(), lesson.at]).toEqual(['New,The first map,Map 2', 0]);
  undo();
  expect([names(), lesson.at]).toEqual(['Map 1,New,The first map,Map 2', 1]);
});

test('a file brings the list back, and the one that was there is not lost', () => {
  const { lesson, names } = lessonOf();
  lesson.take(writeLesson([{ name: 'Other', link: link(5) }]));
  expect(names()).toBe('Other');
  lesson.swap();
  expect(names()).toBe('Map 0,Map 1,Map 2');
  expect(readLesson(lesson.file)).toEqual(bookmarks);
});

test.each([
  ['{', /it is not JSON/],
  ['{"convscope":"scene","version":1,"bookmarks":[]}', /convscope: found "scene", expected one of lesson/],
  ['{"convscope":"lesson","version":2,"bookmarks":[]}', /version: found 2/],
  [
    '{"convscope":"lesson","version":1,"bookmarks":[{"name":"a","link":"/etc/passwd"}]}',
    /bookmarks\[0\]\.link: .*starts with convscope/,
  ],
  [
    '{"convscope":"lesson","version":1,"bookmarks":[{"name":"a","link":"convscope://inspect?map=x"}]}',
    /bookmarks\[0\]\.link: .*field 'map'/,
  ],
  [
    '{"convscope":"lesson","version":1,"bookmarks":[{"name":" ","link":"convscope://inspect"}]}',
    /bookmarks\[0\]\.name/,
  ],
])('%s is refused by the name of what is wrong, and the list stays', (content, reason) => {
  const { lesson, names } = lessonOf();
  expect(() => lesson.take(content)).toThrow(reason);
  expect(names()).toBe('Map 0,Map 1,Map 2');
});
