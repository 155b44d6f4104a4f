import type { TermId } from '../../../../words/terms';

/** How long a thing stays lit. */
const LIT = 2600;

/** What a view shows names the terms that it is an example of: `data-shows="kernel weight"`. */
const shownAs = (id: string): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>(`[data-shows~="${id}"]`)].filter((element) => element.checkVisibility());

/** Whether something on screen is an example of the term. */
export const isShown = (id: TermId | string): boolean => shownAs(id).length > 0;

/** Lights what a term means in the picture, and brings it into view; how many things were lit. */
export function light(id: TermId | string): number {
  for (const ring of document.querySelectorAll('.lit-ring')) ring.remove();
  const elements = shownAs(id);
  elements[0]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  for (const element of elements) {
    const box = element.getBoundingClientRect();
    const ring = document.createElement('i');
    ring.className = 'lit-ring';
    ring.dataset.lit = id;
    Object.assign(ring.style, {
      left: `${box.left - 4}px`,
      top: `${box.top - 4}px`,
      width: `${box.width + 8}px`,
      height: `${box.height + 8}px`,
    });
    document.body.append(ring);
    setTimeout(() => ring.remove(), LIT);
  }
  return elements.length;
}
