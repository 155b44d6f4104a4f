import type { Readable } from 'node:stream';

/** Lines that GLib-based libraries write about damaged pictures: `(process:7): GLib-GObject-CRITICAL **: 10:12:01 …`. */
const LIBRARY_LINE =
  /^\s*\([^()]*:\d+\): [\w-]+[- ](WARNING|CRITICAL|ERROR|Message|INFO|DEBUG)\b|^(GLib|VIPS|librsvg|libpng|Pango|Fontconfig)\b/i;
/** A line longer than this is cut. */
const LONGEST = 8192;

/**
 * Passes on a process's standard error, line by line, except the libraries' lines about damaged pictures: these are
 * reported as the picture's own failure.
 */
export function passOn(from: Readable, to: NodeJS.WritableStream = process.stderr): void {
  let begun = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop()!.slice(-LONGEST);
    for (const line of lines) if (isForPeople(line)) to.write(`${line}\n`);
  });
  from.on('end', () => {
    if (isForPeople(begun)) to.write(`${begun}\n`);
  });
  // Reading this stream must not keep the command line alive.
  (from as Readable & { unref?(): void }).unref?.();
}

const isForPeople = (line: string): boolean => line.trim() !== '' && !LIBRARY_LINE.test(line);
