import { LINK_START } from '../../shared/link/link';
import type { Provider } from '../../shared/settings';

/** What a host passes to the engine's worker as `workerData`. */
export interface EngineOptions {
  /** What the command line asks to open: a bundled model's ID or an ONNX file, a picture, a link; null for the default. */
  open: { model: string | null; image: string | null; link?: string | null };
  /** Who computes foreign networks, whatever is set in the app; left out: what is set there. */
  provider?: Provider;
}

/**
 * Parses the app's own command line: `convscope-app [LINK] [IMAGE|FILE.onnx] [--model ID|FILE.onnx]`. Other switches belong to
 * Electron and Chromium and are ignored.
 */
export function openingOf(argv: readonly string[]): EngineOptions['open'] {
  const open: EngineOptions['open'] = { model: null, image: null, link: null };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--model') open.model = argv[++i] ?? null;
    else if (word.startsWith('--model=')) open.model = word.slice('--model='.length);
    else if (word.startsWith('-')) continue;
    else if (word.startsWith(LINK_START)) open.link = word;
    else if (word.toLowerCase().endsWith('.onnx')) open.model = word;
    else open.image = word;
  }
  return open;
}
