import { networkName, sampleLabel } from '../../i18n/names';
import type { Picture } from '../../../../shared/protocol';
import type { PictureSheet } from '../../../../shared/data-sets';
import type { EvaluatedContender, Evaluation } from '../../../../shared/evaluation';

/** The letter by which a contender is known wherever there is no room for its name. */
export function letterOf(contender: number): string {
  return String.fromCharCode(65 + contender);
}

/** A contender's name in the language chosen. */
export function contenderName({ contender, title }: Pick<EvaluatedContender, 'contender' | 'title'>): string {
  return contender.kind === 'bundled' ? networkName({ id: contender.id, title }) : title;
}

/** The classes in the language chosen, where they are ours; others stay as they were given. */
export function shownLabels({ labels, data, contenders }: Evaluation): string[] {
  const ours = data.kind === 'generated' || contenders.some(({ contender }) => contender.kind === 'bundled');
  return ours ? labels.map(sampleLabel) : labels;
}

/** Picture `i` of a sheet as RGBA; `factor` × `factor` neighbors are averaged into one where it is drawn smaller. */
export function sheetPicture(sheet: PictureSheet, i: number, factor = 1): Picture {
  const { height, width, channels, pixels } = sheet;
  const start = i * height * width * channels;
  const rows = Math.ceil(height / factor);
  const columns = Math.ceil(width / factor);
  const rgba = new Uint8ClampedArray(rows * columns * 4);
  const average = (top: number, left: number, channel: number): number => {
    let sum = 0;
    let count = 0;
    for (let y = top; y < Math.min(height, top + factor); y++)
      for (let x = left; x < Math.min(width, left + factor); x++, count++)
        sum += pixels[start + (y * width + x) * channels + channel];
    return sum / count;
  };
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = (y * columns + x) * 4;
      for (let c = 0; c < 3; c++) rgba[at + c] = average(y * factor, x * factor, channels === 1 ? 0 : c);
      rgba[at + 3] = 255;
    }
  return { width: columns, height: rows, rgba };
}
