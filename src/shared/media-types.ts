/** Media types of the files that the build puts into `out/renderer`. */
const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** Null for a file that the window never asks for. */
export function mediaType(path: string): string | null {
  return types[path.slice(path.lastIndexOf('.') + 1)] ?? null;
}
