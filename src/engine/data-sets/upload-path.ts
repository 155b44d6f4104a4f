import { say, type Message } from '../../words';
import { dataFailure } from '../data/failure';

/** Longer than any path that a data set needs; the system's own limits show as write errors. */
const LONGEST = 1024;
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Characters that Windows reserves, besides the backslash, which is refused everywhere. */
const RESERVED = /[<>:"|?*]/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Splits a path that came from outside: `/` between names, and every name must be valid for a plain file or folder. Any
 * other script and any emoji are fine.
 * @param platform where the file will be stored: Windows allows fewer names.
 * @throws FailureError `data.invalid`: names the path and what is wrong with it.
 */
export function uploadPath(path: string, platform: NodeJS.Platform = process.platform): string[] {
  const refuse = (reason: Message): never => {
    const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
    throw dataFailure(shown.replaceAll('\0', '\\0'), say('upload.no-path', { reason }));
  };
  if (path === '') refuse(say('upload.path.empty'));
  if (path.length > LONGEST) refuse(say('upload.path.long', { count: path.length, limit: LONGEST }));
  if (path.startsWith('/')) refuse(say('upload.path.absolute'));
  if (path.includes('\\')) refuse(say('upload.path.backslash'));
  if (CONTROL.test(path)) refuse(say('upload.path.control'));
  if (/\p{Surrogate}/u.test(path)) refuse(say('upload.path.unicode'));
  const names = path.split('/');
  for (const name of names) {
    if (name === '') refuse(say('upload.path.empty-name'));
    if (name === '.' || name === '..') refuse(say('upload.path.through', { name }));
    if (platform !== 'win32') continue;
    if (RESERVED.test(name)) refuse(say('upload.path.reserved', { name }));
    if (DEVICES.test(name)) refuse(say('upload.path.device', { name }));
    if (/[. ]$/.test(name)) refuse(say('upload.path.ending', { name }));
  }
  return names;
}
