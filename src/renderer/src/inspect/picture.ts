/** Pixels for each CSS pixel, at least: a slide shows a picture larger than the window did. */
const LEAST_RATIO = 2;
/** Height in CSS pixels of the line above. */
const HEAD = 40;

/** What stands above a saved picture. */
export interface PictureHead {
  title: string;
  /** The scale of its colors, copied from the page; null where there is none. */
  legend: HTMLElement | null;
}

/**
 * A part of the page as a PNG, two pixels or more for each of the page's: the part is copied with its canvases as pictures and its
 * style sheets inside an SVG, which the browser draws. Nothing leaves the page.
 */
export async function pictureOf(element: HTMLElement, head: PictureHead): Promise<Uint8Array> {
  const ratio = Math.max(LEAST_RATIO, window.devicePixelRatio || 1);
  const width = element.clientWidth;
  const height = element.clientHeight + HEAD;
  const copy = element.cloneNode(true) as HTMLElement;
  copy.style.width = `${width}px`;
  copy.style.height = `${element.clientHeight}px`;
  copyCanvases(element, copy);
  keepScroll(element, copy);

  const root = document.documentElement;
  const body = document.createElement('body');
  body.append(headOf(head, width), copy);
  const style = document.createElement('style');
  style.textContent = `${await sheets()}\nsvg{background:var(--bg)}body{margin:0;overflow:hidden}*{transition:none!important;scrollbar-width:none!important}::-webkit-scrollbar{display:none}`;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('width', String(width * ratio));
  svg.setAttribute('height', String(height * ratio));
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  // `:root` is the SVG itself in there, so that the tokens of the theme hold.
  svg.setAttribute('data-theme', root.dataset.theme ?? 'dark');
  svg.setAttribute('lang', root.lang);
  const foreign = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
  foreign.setAttribute('width', String(width));
  foreign.setAttribute('height', String(height));
  foreign.append(style, body);
  svg.append(foreign);

  const text = new XMLSerializer().serializeToString(svg);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();

  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  // The first drawing makes the picture load its fonts, which are there shortly after: the second one has all the text.
  for (const wait of [0, 120]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    context.fillStyle = getComputedStyle(root).getPropertyValue('--bg');
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the picture could not be encoded');
  return new Uint8Array(await blob.arrayBuffer());
}

/** The line above: title at the left, legend at the right. */
function headOf({ title, legend }: PictureHead, width: number): HTMLElement {
  const line = document.createElement('div');
  line.style.cssText = `box-sizing:border-box;display:flex;align-items:center;justify-content:space-between;gap:16px;width:${width}px;height:${HEAD}px;padding:0 20px;font-weight:600;white-space:nowrap;overflow:hidden`;
  const text = document.createElement('span');
  text.style.cssText = 'min-width:0;overflow:hidden;text-overflow:ellipsis';
  text.textContent = title;
  line.append(text);
  if (legend) {
    const copy = legend.cloneNode(true) as HTMLElement;
    copyCanvases(legend, copy);
    // Widths as in the window: in a picture, rules for narrow windows would go by the picture's width.
    const parts = legend.querySelectorAll('span');
    for (const [i, part] of [...copy.querySelectorAll('span')].entries())
      part.style.width = getComputedStyle(parts[i]).width;
    copy.style.display = 'flex';
    copy.style.fontWeight = '400';
    line.append(copy);
  }
  return line;
}

function copyCanvases(from: HTMLElement, to: HTMLElement): void {
  const originals = from.querySelectorAll('canvas');
  for (const [i, canvas] of [...to.querySelectorAll('canvas')].entries()) {
    const image = document.createElement('img');
    image.className = canvas.className;
    image.src = originals[i].toDataURL();
    const style = getComputedStyle(originals[i]);
    image.style.cssText = canvas.style.cssText;
    image.style.width = style.width;
    image.style.height = style.height;
    image.style.display = 'block';
    // Rules that name the canvas do not reach the picture in its place.
    image.style.position = style.position;
    image.style.objectFit = style.objectFit;
    image.style.opacity = style.opacity;
    image.style.imageRendering = style.imageRendering;
    canvas.replaceWith(image);
  }
}

/**
 * A copy starts unscrolled: what is scrolled in the original is shifted by as much in the copy, and what sticks to a side
 * of the scrolled part is shifted back.
 */
function keepScroll(from: HTMLElement, to: HTMLElement): void {
  const originals = [from, ...from.querySelectorAll<HTMLElement>('*')];
  const copies = [to, ...to.querySelectorAll<HTMLElement>('*')];
  for (const [i, original] of originals.entries()) {
    const { scrollLeft, scrollTop } = original;
    if (scrollLeft === 0 && scrollTop === 0) continue;
    copies[i].style.overflow = 'hidden';
    for (const child of copies[i].children) {
      if (child instanceof HTMLElement) child.style.translate = `${-scrollLeft}px ${-scrollTop}px`;
    }
    for (const [k, inner] of originals.entries()) {
      if (inner === original || !original.contains(inner)) continue;
      const { position, left, right, top, bottom } = getComputedStyle(inner);
      if (position !== 'sticky') continue;
      const x = left !== 'auto' || right !== 'auto' ? scrollLeft : 0;
      const y = top !== 'auto' || bottom !== 'auto' ? scrollTop : 0;
      copies[k].style.translate = `${x}px ${y}px`;
    }
  }
}

/** All style sheets of the page as text, the fonts that they name inside them. */
async function sheets(): Promise<string> {
  const texts = await Promise.all([...document.styleSheets].map(textOf));
  return (await Promise.all(texts.map(({ text, base }) => withFonts(text, base)))).join('\n');
}

/** The sheet as it was written: serialized rules lose every shorthand that holds a `var()`. */
async function textOf(sheet: CSSStyleSheet): Promise<{ text: string; base: string }> {
  const base = sheet.href ?? document.baseURI;
  if (sheet.ownerNode instanceof HTMLStyleElement) return { text: sheet.ownerNode.textContent ?? '', base };
  try {
    return { text: await (await fetch(base)).text(), base };
  } catch {
    return { text: [...sheet.cssRules].map((rule) => rule.cssText).join('\n'), base };
  }
}

async function withFonts(text: string, base: string): Promise<string> {
  const urls = new Set([...text.matchAll(/url\(["']?([^"')]+\.woff2)["']?\)/g)].map(([, url]) => url));
  let out = text;
  for (const url of urls) {
    try {
      const blob = await (await fetch(new URL(url, base))).blob();
      out = out.replaceAll(url, await dataUrl(blob));
    } catch {
      // Where a font cannot be read, the system's takes its place.
    }
  }
  return out;
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error('the font could not be read'));
    reader.readAsDataURL(blob);
  });
}
