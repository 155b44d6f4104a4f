import type { LayerInfo, ModelInfo } from '../../../../shared/protocol';
import { int, shape } from '../../format';
import { kindText, language } from '../../i18n/index.svelte';
import { className } from '../../i18n/names';

/** Set once the fonts are there: what was measured before is measured again. */
let fontsReady = $state(false);
const canvas = document.createElement('canvas').getContext('2d');
/** By font and text: a canvas measures slowly, and a network has the same words again and again. */
const measured = new Map<string, number>();
void document.fonts.ready.then(() => {
  measured.clear();
  fontsReady = true;
});

/** All digits are as wide as 0: numerals are tabular everywhere. */
const tabular = (text: string): string => text.replace(/\d/g, '0');

/** In CSS pixels, set in a font of the window's family. */
function widthOf(context: CanvasRenderingContext2D, style: string, text: string): number {
  const key = `${style}\n${tabular(text)}`;
  let width = measured.get(key);
  if (width === undefined) {
    context.font = `${style} ${getComputedStyle(document.body).fontFamily}`;
    width = context.measureText(tabular(text)).width;
    measured.set(key, width);
  }
  return width;
}

/** Width of a layer's head in CSS pixels; `short` with the kind abbreviated. Reactive. */
export function headWidth(layer: LayerInfo, short: boolean): number {
  void language.current;
  void fontsReady;
  if (!canvas) return 80;
  const lines = [kindText(layer, short), shape(layer.outputShape, true), int(layer.params), int(layer.macs)];
  const widths = lines.map((line) => widthOf(canvas, '400 12px', line));
  return Math.ceil(Math.max(widthOf(canvas, '600 13px', layer.name), ...widths)) + 1;
}

/** Width of the longest class name in CSS pixels, as the answer's rows set it. Reactive. */
export function labelWidthOf(model: ModelInfo | null): number {
  void language.current;
  void fontsReady;
  if (!canvas) return 60;
  const labels = (model?.labels ?? []).slice(0, 2000);
  return Math.max(0, ...labels.map((label) => widthOf(canvas, '600 13px', className(model, label))));
}
