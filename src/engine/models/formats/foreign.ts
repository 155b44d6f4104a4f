import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { isOurs } from '../../../core/onnx/read';
import { decodeModel } from '../../../core/onnx/decode';
import type { ForeignNetwork } from '../../foreign/foreign-network';
import { externalTensors, isInside } from '../../foreign/external-data';
import { readNetworkFile, type NetworkFile } from '../../foreign/network-file';
import { openingNetwork, type OpeningNetwork } from '../../foreign/opening-network';
import type { RunnerLimits } from '../../foreign/runner';
import type { BesideFile, FileContent, ModelFormat } from './format';

/** ONNX files from other exporters, with any operators: onnxruntime runs them. */
export const foreign: ModelFormat = { claims: (_name, bytes) => isForeign(bytes), open };

/** What cannot be decoded is left to our own format, which says why. */
export function isForeign(bytes: Uint8Array): boolean {
  try {
    return !isOurs(decodeModel(bytes));
  } catch {
    return false;
  }
}

async function open(
  name: string,
  bytes: Uint8Array,
  beside: readonly BesideFile[],
  limits: Partial<RunnerLimits>,
): Promise<FileContent> {
  return { model: null, foreign: await beginForeign({ name, bytes, path: null, folder: null }, beside, limits) };
}

/** @param beside files that came together with it. @throws FailureError for a file that cannot be read, `cancelled`. */
export async function openForeign(
  file: NetworkFile,
  beside: readonly BesideFile[] = [],
  limits: Partial<RunnerLimits> = {},
): Promise<ForeignNetwork> {
  return (await beginForeign(file, beside, limits)).whole;
}

const beginForeign = async (
  file: NetworkFile,
  beside: readonly BesideFile[],
  limits: Partial<RunnerLimits>,
): Promise<OpeningNetwork> => (beside.length === 0 ? openingNetwork(file, limits) : openTogether(file, beside, limits));

/** With its external data, which onnxruntime reads from a folder: a temporary one, gone with the network. */
async function openTogether(
  { name, bytes }: NetworkFile,
  beside: readonly BesideFile[],
  limits: Partial<RunnerLimits>,
): Promise<OpeningNetwork> {
  const { graph } = readNetworkFile({ name, bytes });
  const folder = await mkdtemp(join(tmpdir(), 'convscope-model-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'model.onnx');
    await writeFile(path, bytes);
    for (const location of new Set(externalTensors(graph).map(({ location }) => new Map(location).get('location')))) {
      // The dropped file has no folder: it stands for any place of its name inside the model's folder.
      const given = beside.find((file) => basename(file.name) === posix.basename(location ?? ''));
      if (!given || location === undefined || !isInside(location)) continue;
      await mkdir(dirname(join(folder, location)), { recursive: true });
      await writeFile(join(folder, location), given.bytes);
    }
    return openingNetwork({ name, bytes, path, folder }, { ...limits, onDispose: () => void remove() });
  } catch (error) {
    await remove();
    throw error;
  }
}
