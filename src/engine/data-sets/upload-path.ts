import { dataFailure } from '../data/failure';

/** Longer than any path that a data set needs; the system's own limits are met by the error of the write. */
const LONGEST = 1024;
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** What Windows keeps for itself, beside the backslash, which is refused everywhere. */
const RESERVED = /[<>:"|?*]/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Takes a path that came from outside apart: `/` between names, and every name one that makes a plain file or folder where it is put.
 * Any other script and any emoji are fine.
 * @param platform where the file is to lie: Windows takes fewer names.
 * @throws FailureError `data.invalid`: names the path and what is wrong with it.
 */
export function uploadPath(path: string, platform: NodeJS.Platform = process.platform): string[] {
  const refuse = (reason: string): never => {
    const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
    throw dataFailure(shown.replaceAll('\0', '\\0'), `is no path for an upload: ${reason}`);
  };
  if (path === '') refuse('it is empty');
  if (path.length > LONGEST) refuse(`it has ${path.length} characters, the limit is ${LONGEST}`);
  if (path.startsWith('/')) refuse('it is absolute');
  if (path.includes('\\')) refuse('it has a backslash');
  if (CONTROL.test(path)) refuse('it has a control character');
  if (/\p{Surrogate}/u.test(path)) refuse('it is no whole Unicode');
  const names = path.split('/');
  for (const name of names) {
    if (name === '') refuse('it has an empty name');
    if (name === '.' || name === '..') refuse(`it goes through '${name}'`);
    if (platform !== 'win32') continue;
    if (RESERVED.test(name)) refuse(`'${name}' has a character that Windows does not allow in names`);
    if (DEVICES.test(name)) refuse(`'${name}' is a device of Windows`);
    if (/[. ]$/.test(name)) refuse(`'${name}' ends in a dot or a space, which Windows drops`);
  }
  return names;
}
