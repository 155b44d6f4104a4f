import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where runs, uploads and the list of known data sets live: `CONVSCOPE_DATA`, or what the operating system has for such things. */
export function dataFolder(): string {
  const { CONVSCOPE_DATA, XDG_DATA_HOME, LOCALAPPDATA } = process.env;
  if (CONVSCOPE_DATA) return CONVSCOPE_DATA;
  if (process.platform === 'win32')
    return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'convscope', 'Data');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'convscope');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'convscope');
}
