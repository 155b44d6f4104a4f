import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where runs, uploads and lists are kept: `CONVSCOPE_DATA`, or the operating system's folder for application data. */
export function dataFolder(): string {
  const { CONVSCOPE_DATA, XDG_DATA_HOME, APPDATA } = process.env;
  if (CONVSCOPE_DATA) return CONVSCOPE_DATA;
  if (process.platform === 'win32') return join(APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Convscope');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Convscope');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'convscope');
}
