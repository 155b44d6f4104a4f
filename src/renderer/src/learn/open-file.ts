import { FailureError } from '../../../shared/failures';
import { say } from '../../../words';
import { course } from './course.svelte';
import { OWN } from './model/samples';
import { entryOf } from './scenes';
import { check } from './state/link';
import { pictures } from './state/pictures.svelte';

/** Bytes of the largest file of a scene. */
const MOST = 2 ** 20;

/** Whether a file's name is that of a saved scene; browsers number a second download: `flip.scene (1).json`. */
export const isSceneFile = ({ name }: Pick<File, 'name'>): boolean => /\.scene( ?\(\d+\))?\.json$/i.test(name);

/**
 * Opens a saved scene as it was saved. What it has wrong the course tells, as of a link.
 * @returns the scene's id, to be shown; null where there is no such scene. @throws FailureError for a file that is no scene.
 */
export function openSceneFile(file: string, content: string): string | null {
  const refuse = (reason: ReturnType<typeof say>): never => {
    throw new FailureError('file.unreadable', { file, reason });
  };
  if (content.length > MOST) refuse(say('file.larger', { size: Math.ceil(content.length / 2 ** 20), limit: 1 }));
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return refuse(say('lesson.json'));
  }
  const { convscope, scene, state, at } = (value ?? {}) as Record<string, unknown>;
  if (convscope !== 'scene' || typeof scene !== 'string' || typeof state !== 'object' || state === null)
    return refuse(say('scene.file'));
  const entry = entryOf(scene);
  if (!entry) {
    course.problem = { field: 'scene', found: scene, expected: null };
    return null;
  }
  const decoded = check(entry.model, state as Readonly<Record<string, unknown>>, at);
  if (decoded.problem) course.problem = decoded.problem;
  else course.open(entry).show(decoded);
  return scene;
}

/** Shows a picture in the scene that is open, where that takes one. */
export function takePicture(name: string, bytes: Uint8Array): boolean {
  const { scene } = course;
  if (!scene?.model.picture) return false;
  pictures.take(name, bytes);
  scene.change({ ...scene.state, picture: OWN });
  return true;
}
