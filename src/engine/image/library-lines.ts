import type { Readable } from 'node:stream';

/** What GLib and the libraries on it write of pictures that they do not like: `(process:7): GLib-GObject-CRITICAL **: 10:12:01 …`. */
const LIBRARY_LINE =
  /^\s*\([^()]*:\d+\): [\w-]+[- ](WARNING|CRITICAL|ERROR|Message|INFO|DEBUG)\b|^(GLib|VIPS|librsvg|libpng|Pango|Fontconfig)\b/i;
/** A line without an end is cut here. */
const LONGEST = 8192;

/**
 * Passes on what a process says on its standard error, line by line, but for what libraries say of damaged pictures: that comes
 * as the picture's own failure, and is nothing for people's terminals.
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
  // What is only read must not keep the command line from ending.
  (from as Readable & { unref?(): void }).unref?.();
}

const isForPeople = (line: string): boolean => line.trim() !== '' && !LIBRARY_LINE.test(line);
