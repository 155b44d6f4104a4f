/** A lesson: links that one steps through, each with a name. As a small file it is what a teacher sends. */
import { list, object, oneOf, refine, SchemaError, text, type Infer, type Schema } from '../core/schema';
import { MessageError, reasonOf, say } from '../words';
import { readLink } from './link/link';

/** How a lesson's file ends. */
export const LESSON_END = '.convscope';
/** Bytes of the largest such file. */
export const LESSON_MOST = 2 ** 20;

/** A link that holds: what is wrong with it is told with its place. */
const link: Schema<string> = {
  read(value, path = '') {
    const written = text(1).read(value, path);
    try {
      readLink(written);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      throw new SchemaError(path, reasonOf(error));
    }
    return written;
  },
};
const name = refine(text(1, 200), (value) => value.trim() !== '', say('schema.text-something'));

export const lesson = object({
  convscope: oneOf('lesson'),
  version: oneOf(1),
  bookmarks: list(object({ name, link }), 0, 500),
});
export type Bookmark = Infer<typeof lesson>['bookmarks'][number];

export const writeLesson = (bookmarks: readonly Bookmark[]): string =>
  `${JSON.stringify({ convscope: 'lesson', version: 1, bookmarks }, null, 2)}\n`;

/** @throws MessageError that names the field. */
export function readLesson(content: string): Bookmark[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new MessageError(say('lesson.json'));
  }
  return lesson.read(value).bookmarks;
}
