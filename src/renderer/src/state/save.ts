import { toFailure } from '../../../shared/failures';
import type { Session } from './session.svelte';

/** Has the host save what `make` gives under its name, and says in the status bar how that went. */
export async function saveFile(
  session: Session,
  make: () => Promise<{ name: string; bytes: Uint8Array }>,
): Promise<void> {
  const done = session.status.work();
  try {
    const { name, bytes } = await make();
    // A dialog of the system waits for a person: that is no work.
    done();
    const saved = await session.client.save(name, bytes);
    session.status.say(saved ? 'save.done' : 'save.declined', { name });
  } catch (error) {
    session.status.fail(toFailure(error));
  } finally {
    done();
  }
}
