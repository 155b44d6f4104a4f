import { token } from '../../theme/token';

/** What a drawing's look is made of: a file on its own has no style sheet. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-weight',
  'font-family',
  'text-anchor',
  'paint-order',
  'transform',
  'visibility',
] as const;

/** The drawing as a file of its own: vectors and text, with the colors of the theme. */
export function svgOf(stage: SVGSVGElement): string {
  const copy = stage.cloneNode(true) as SVGSVGElement;
  const [from, to] = [stage, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>('*')]);
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const property of PROPERTIES) {
      const value = style.getPropertyValue(property);
      if (value === '' || (property === 'transform' && value === 'none')) continue;
      if (property === 'transform') to[i].setAttribute('transform', value.replaceAll('px', ''));
      else to[i].setAttribute(property, value);
    }
    to[i].removeAttribute('style');
    to[i].removeAttribute('class');
    to[i].removeAttribute('tabindex');
  });
  // A canvas becomes the picture that is on it; what is typed into goes.
  const shown = stage.querySelectorAll('foreignObject');
  [...copy.querySelectorAll('foreignObject')].forEach((frame, i) => {
    const canvas = shown[i].querySelector('canvas');
    if (!canvas) return frame.remove();
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    for (const name of ['x', 'y', 'width', 'height']) image.setAttribute(name, frame.getAttribute(name)!);
    image.setAttribute('preserveAspectRatio', 'none');
    image.setAttribute('style', `image-rendering: ${getComputedStyle(canvas).imageRendering}`);
    image.setAttribute('href', canvas.toDataURL('image/png'));
    frame.replaceWith(image);
  });
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: token('--bg') }))
    ground.setAttribute(name, value);
  copy.prepend(ground);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}`;
}

/** The same as pixels, two for each of the drawing's. */
export async function pngOf(stage: SVGSVGElement): Promise<Uint8Array> {
  const image = new Image();
  const [width, height] = [stage.width.baseVal.value, stage.height.baseVal.value];
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(stage))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * 2);
  canvas.height = Math.round(height * 2);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new Uint8Array(await blob!.arrayBuffer());
}
