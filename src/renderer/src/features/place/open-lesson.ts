import { FailureError, toFailure } from '../../../../shared/failures';
import { LESSON_END, LESSON_MOST } from '../../../../shared/lesson';
import { reasonOf, say } from '../../../../words';
import type { Lesson } from '../../state/lesson.svelte';
import type { Session } from '../../state/session.svelte';

export const isLessonFile = ({ name }: Pick<File, 'name'>): boolean => name.toLowerCase().endsWith(LESSON_END);

/** Takes the bookmarks of a file, and opens the first. What is wrong with the file the status tells; the list then stays. */
export async function openLesson({ status }: Session, lesson: Lesson, file: File): Promise<boolean> {
  try {
    if (file.size > LESSON_MOST) {
      const sizes = { size: Math.ceil(file.size / 2 ** 20), limit: LESSON_MOST / 2 ** 20 };
      throw new FailureError('file.unreadable', { file: file.name, reason: say('file.larger', sizes) });
    }
    lesson.take(await file.text());
    const { length: count } = lesson.bookmarks;
    // What cannot be opened of it says so itself.
    if (count === 0 || (await lesson.go(0))) status.say('place.opened', { file: file.name, count });
    return true;
  } catch (error) {
    const failure =
      error instanceof FailureError
        ? error
        : new FailureError('file.unreadable', { file: file.name, reason: reasonOf(error) });
    status.fail(toFailure(failure));
    return false;
  }
}
