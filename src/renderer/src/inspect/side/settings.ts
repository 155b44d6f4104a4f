import type { LayerInfo } from '../../../../shared/protocol';

/** A setting as shown: its name in the spec (the catalog has a word for it) and its value in writing. */
export interface SettingRow {
  setting: string;
  text: string;
}

/** What says nothing new: left out where it has this value. */
const silentDefaults: Record<string, string> = {
  dilation: '1',
  groups: '1',
  padding: '0',
  ceil: 'false',
  bias: 'true',
};

/** Settings that the output shape or another row says already. */
const elsewhere: ReadonlySet<string> = new Set(['filters', 'units', 'kind', 'name', 'inputs', 'momentum']);

/** Settings of a layer that people look for, in the order of its spec. */
export function settingRows(layer: Pick<LayerInfo, 'settings'>): SettingRow[] {
  return Object.entries(layer.settings)
    .filter(([setting]) => !elsewhere.has(setting))
    .map(([setting, value]) => ({ setting, text: settingText(setting, value) }))
    .filter(({ setting, text }) => text !== '' && silentDefaults[setting] !== text);
}

/** `5 × 5` for a size, `2` or `2 × 1` for a step, `1, 2, 1, 2` for a padding of four sides. */
export function settingText(setting: string, value: unknown): string {
  if (Array.isArray(value)) {
    const parts = value.map((part) => settingText('', part));
    const same = parts.every((part) => part === parts[0]);
    if (parts.length === 2 && isSize(setting)) return parts.join(' × ');
    if (same && parts.length > 0) return parts[0];
    return parts.join(parts.length === 2 ? ' × ' : ', ');
  }
  if (typeof value === 'number' && isSize(setting)) return `${value} × ${value}`;
  if (typeof value === 'number') return decimal(value);
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}

const isSize = (setting: string): boolean => setting === 'kernel' || setting === 'size';

/** A number as it was written: `0.00001`, not `1e-5`. */
function decimal(value: number): string {
  return String(value)
    .replace(
      /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/,
      (_, sign: string, head: string, tail: string | undefined, exponent: string) => {
        return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${head}${tail ?? ''}`;
      },
    )
    .replace('-', '−');
}
