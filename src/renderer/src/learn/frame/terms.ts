/** What an element, or what it lies in, is an example of. */
export function termsAt(target: EventTarget | null): readonly string[] {
  const found = target instanceof Element ? target.closest<HTMLElement | SVGElement>('[data-shows]') : null;
  return found?.dataset.shows?.split(' ') ?? [];
}

/** Marks what the terms name, in the drawing and beside it; returns what takes the mark away. */
export function lightTerms(stage: Element, terms: readonly string[]): () => void {
  const named = terms.flatMap((term) => [...stage.querySelectorAll(`[data-shows~="${term}"]`)]);
  for (const element of named) element.classList.add('named');
  return () => {
    for (const element of named) element.classList.remove('named');
  };
}
