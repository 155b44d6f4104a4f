import { readFileSync } from 'node:fs';
import { resource } from './root';

/** The app's own version. */
export function appVersion(): string {
  return (JSON.parse(readFileSync(resource('..', 'package.json'), 'utf8')) as { version: string }).version;
}
