/** What a host hands to the engine's worker as `workerData`. */
export interface EngineOptions {
  host: 'electron' | 'browser';
  /** What the command line named: a bundled model's ID or an ONNX file, and a picture; null for the default. */
  open: { model: string | null; image: string | null };
}

/**
 * Reads what the app's own command line names: `convscope-app [IMAGE|FILE.onnx] [--model ID|FILE.onnx]`. Other switches
 * are Electron's and Chromium's and are passed over.
 */
export function openingOf(argv: readonly string[]): EngineOptions['open'] {
  const open: EngineOptions['open'] = { model: null, image: null };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === '--model') open.model = argv[++i] ?? null;
    else if (word.startsWith('--model=')) open.model = word.slice('--model='.length);
    else if (word.startsWith('-')) continue;
    else if (word.toLowerCase().endsWith('.onnx')) open.model = word;
    else open.image = word;
  }
  return open;
}
