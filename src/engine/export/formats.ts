import type { Model } from '../../core/model/model';
import type { TrainSettings } from '../../core/train/settings';
import { appVersion } from '../system/version';
import { textFile, type ExportFile } from './file';
import { kerasScript } from './keras';
import { pytorchScript } from './pytorch';
import { webFiles, webNetwork } from './web';
import { encodeNpz, encodeSafetensors } from './weights';

export const FORMATS = ['onnx', 'safetensors', 'npz', 'pytorch', 'keras', 'web'] as const;
export type Format = (typeof FORMATS)[number];
/** Those besides ONNX. */
export type OtherFormat = Exclude<Format, 'onnx'>;

/** The format that a file's ending names; null where it names none. */
export function formatOf(file: string): Format | null {
  if (/\.py$/i.test(file)) return 'pytorch';
  return FORMATS.find((format) => file.toLowerCase().endsWith(`.${format}`)) ?? null;
}

/**
 * A network in a format other than ONNX: the file that was asked for first, then those that go beside it; of `web` the content of a folder.
 * @param name of the file; its ending is that of the format. @param settings of the run, for scripts that train on.
 * @throws MessageError, naming the layer, for a kind that the format does not know.
 */
export function filesOf(model: Model, format: OtherFormat, name: string, settings: TrainSettings | null): ExportFile[] {
  switch (format) {
    case 'npz':
      return [{ name, bytes: encodeNpz(model) }];
    case 'safetensors':
      return [{ name, bytes: encodeSafetensors(model) }];
    case 'web':
      return webFiles(webNetwork(model, name), appVersion());
    case 'pytorch':
    case 'keras': {
      const weights = `${name.replace(/\.py$/i, '')}.safetensors`;
      const script =
        format === 'pytorch'
          ? pytorchScript(model, name, weights, appVersion(), settings)
          : kerasScript(model, { script: name, weights }, appVersion(), settings);
      return [textFile(name, script), { name: weights, bytes: encodeSafetensors(model) }];
    }
  }
}
