import { Option } from 'commander';
import { providerNames, type Provider } from '../shared/settings';
import { sentence, type Message } from '../words';
import type { Io } from './command';

/** `--provider`: which of onnxruntime's execution providers computes a foreign file. */
export const providerOption = (): Option =>
  new Option(
    '--provider <name>',
    "onnxruntime's execution provider; its values are compared with the CPU's, which is used where they differ or it is not there",
  )
    .choices(providerNames)
    .default('cpu' satisfies Provider);

/** Says why the CPU computed in place of what was asked for. */
export function warnOfProvider({ instead }: { instead: Message | null }, io: Io): void {
  if (instead) io.warn(sentence(instead));
}
