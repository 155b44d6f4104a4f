import { quoted } from '../../../../shared/command-line';
import { FailureError } from '../../../../shared/failures';
import { MessageError, reasonOf, say } from '../../../../words';
import type { Places } from '../../state/places.svelte';
import type { AppState, ScreenDefinition } from '../../state/screens';
import type { Session } from '../../state/session.svelte';

/** Copies a text for people; the status says where that is refused. */
export async function copy({ status }: Session, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    status.say('place.refused', {}, 'warn');
    return false;
  }
}

/** Copies a link to what is on screen, and says whether something of it could not go into the link. */
export async function copyLink(session: Session, places: Places): Promise<void> {
  const { link, without } = await places.link();
  if (await copy(session, link)) session.status.say(without ? 'place.copied.without' : 'place.copied');
}

/** Copies the command that gives the numbers on screen. Where a file is named, it is to be run where that lies. */
export async function copyCommand(session: Session, app: AppState, screen: ScreenDefinition): Promise<void> {
  try {
    if (!screen.command) throw new MessageError(say('command.nothing'));
    const words = screen.command(app);
    const windows = /^win/i.test(navigator.platform);
    if (await copy(session, `npx convscope ${quoted(words, windows)}`)) session.status.say('place.command.copied');
  } catch (error) {
    session.status.fail(new FailureError('internal', { reason: reasonOf(error) }).toJSON());
  }
}
