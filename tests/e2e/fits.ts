import type { Page } from '@playwright/test';

/**
 * What does not fit on the page as it stands: text that is cut off where nothing scrolls and no ellipsis says so, text
 * printed over other text, controls that lie outside the window or below something else, parts wider than their frame.
 * A line a finding; none where everything is right.
 */
export const misfits = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const slack = 2;
    interface Part {
      element: Element;
      text: string;
      /** What is in sight of it. */
      box: DOMRect;
    }
    const styleOf = (element: Element): CSSStyleDeclaration => getComputedStyle(element);
    const nameOf = (element: Element): string => {
      const label = element.getAttribute('aria-label') ?? element.textContent ?? '';
      return `<${element.localName} class="${element.getAttribute('class') ?? ''}"> “${label.trim().slice(0, 60)}”`;
    };
    const shown = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      !element.closest('.sr, [inert]') &&
      !element.closest('svg[aria-hidden]');
    const meet = (a: DOMRect, b: DOMRect): DOMRect => {
      const left = Math.max(a.left, b.left);
      const top = Math.max(a.top, b.top);
      // A DOMRect of negative width would be turned round.
      const [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)];
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    };

    /** What of a box is in sight; `cut` says along which axis something hides a part that nothing can scroll to. */
    function insight(element: Element, box: DOMRect): { box: DOMRect; cut: boolean } {
      let cut = false;
      let seen = box;
      const ellipsis = (at: Element): boolean => styleOf(at).textOverflow === 'ellipsis';
      let scrolled = { x: false, y: false };
      const fixed = element.closest('.pop') !== null;
      for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
        const { overflowX, overflowY, position } = styleOf(at);
        const frame = at.getBoundingClientRect();
        const edge = new DOMRect(
          overflowX === 'visible' ? -1e6 : frame.left,
          overflowY === 'visible' ? -1e6 : frame.top,
          overflowX === 'visible' ? 2e6 : frame.width,
          overflowY === 'visible' ? 2e6 : frame.height,
        );
        scrolled = {
          x: scrolled.x || ['auto', 'scroll'].includes(overflowX),
          y: scrolled.y || ['auto', 'scroll'].includes(overflowY),
        };
        const hidesX = !scrolled.x && (seen.right > edge.right + slack || seen.left < edge.left - slack);
        const hidesY = !scrolled.y && (seen.bottom > edge.bottom + slack || seen.top < edge.top - slack);
        if ((hidesX && !ellipsis(at) && !ellipsis(element)) || hidesY) cut = true;
        seen = meet(seen, edge);
        if (position === 'fixed' || (fixed && at.matches('.pop'))) break;
      }
      const window = new DOMRect(0, 0, innerWidth, innerHeight);
      if (!scrolled.x && (seen.right > innerWidth + slack || seen.left < -slack)) cut = true;
      if (!scrolled.y && (seen.bottom > innerHeight + slack || seen.top < -slack)) cut = true;
      return { box: meet(seen, window), cut };
    }
    /** Whether what lies over a place hides what is below on purpose: it has a ground of its own. */
    function hasGround(over: Element, below: Element): boolean {
      for (let at: Element | null = over; at && !at.contains(below); at = at.parentElement) {
        const ground = [styleOf(at), getComputedStyle(at, '::before')].some(
          ({ backgroundColor, content, position }) =>
            !/rgba\(.*, 0\)|transparent/.test(backgroundColor) && (content !== 'none' || position !== ''),
        );
        if (ground && ['sticky', 'fixed', 'absolute'].includes(styleOf(at).position)) return true;
        if (at.matches('aside, .pop, header')) return true;
      }
      return false;
    }

    const parts: Part[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim();
      if (!element || !text || !shown(element) || element.closest('option, [data-mayhide]')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        if (line.width < 1) continue;
        const { box, cut } = insight(element, line);
        if (cut) found.push(`cut: ${nameOf(element)}`);
        if (box.width <= slack || box.height <= slack) continue;
        // The line box is higher than the letters.
        const inset = Math.min(4, line.height / 4);
        parts.push({
          element,
          text,
          box: new DOMRect(box.x, box.y + inset, box.width, Math.max(1, box.height - 2 * inset)),
        });
      }
    }
    const covered = (element: Element, box: DOMRect): Element | null => {
      const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return over && !over.contains(element) && !element.contains(over) ? over : null;
    };
    const onTop = parts.filter(({ element, box }) => {
      const over = covered(element, box);
      return !over || !hasGround(over, element);
    });
    for (const [i, a] of onTop.entries()) {
      for (const b of onTop.slice(i + 1)) {
        if (a.element === b.element) continue;
        const both = meet(a.box, b.box);
        if (both.width > slack && both.height > slack) found.push(`overprinted: ${nameOf(a.element)} and “${b.text}”`);
      }
    }
    for (const control of document.querySelectorAll('button, a, input, select, [role=option], [role=gridcell]')) {
      if (!shown(control)) continue;
      const frame = control.getBoundingClientRect();
      if (frame.width === 0) continue;
      const { box, cut } = insight(control, frame);
      if (cut) found.push(`cut: ${nameOf(control)}`);
      if (box.width < 4 || box.height < 4) continue;
      const over = covered(control, box);
      if (over && !hasGround(over, control) && !over.closest('label'))
        found.push(`below ${nameOf(over)}: ${nameOf(control)}`);
    }
    for (const frame of document.querySelectorAll('html, body, #app, .app, header, footer, main, .tools, aside')) {
      if (frame.scrollWidth > frame.clientWidth + 1 && shown(frame))
        found.push(`wider than its frame: ${nameOf(frame)}`);
    }
    return [...new Set(found)];
  });
