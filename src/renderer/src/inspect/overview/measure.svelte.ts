import type { LayerInfo, ModelInfo } from '../../../../shared/protocol';
import { int, shape } from '../../format';
import { kindText, language } from '../../i18n/index.svelte';
import { className } from '../../i18n/names';

/** Set once the fonts are there: what was measured before is measured again. */
let fontsReady = $state(false);
void document.fonts.ready.then(() => (fontsReady = true));
const canvas = document.createElement('canvas').getContext('2d');

/** All digits are as wide as 0: numerals are tabular everywhere. */
const tabular = (text: string): string => text.replace(/\d/g, '0');

/** Width of a layer's head in CSS pixels; `short` with the kind abbreviated. Reactive. */
export function headWidth(layer: LayerInfo, short: boolean): number {
  void language.current;
  void fontsReady;
  if (!canvas) return 80;
  const family = getComputedStyle(document.body).fontFamily;
  canvas.font = `600 13px ${family}`;
  let most = canvas.measureText(tabular(layer.name)).width;
  canvas.font = `400 12px ${family}`;
  const lines = [kindText(layer, short), shape(layer.outputShape, true), int(layer.params), int(layer.macs)];
  for (const line of lines) most = Math.max(most, canvas.measureText(tabular(line)).width);
  return Math.ceil(most) + 1;
}

/** Width of the longest class name in CSS pixels, as the answer's rows set it. Reactive. */
export function labelWidthOf(model: ModelInfo | null): number {
  void language.current;
  void fontsReady;
  if (!canvas) return 60;
  canvas.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
  const widths = (model?.labels ?? [])
    .slice(0, 2000)
    .map((label) => canvas.measureText(tabular(className(model, label))).width);
  return Math.max(0, ...widths);
}
