import { theme } from './theme.svelte';

const known = new Map<string, string>();

/** A color of the theme, for what is drawn on a canvas. Kept: asking the page has it work out its styles first. */
export function token(name: `--${string}`): string {
  const key = `${theme.current} ${name}`;
  let value = known.get(key);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    known.set(key, value);
  }
  return value;
}
