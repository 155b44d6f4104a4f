/** Letters of a file's name; file systems take 255 bytes. */
const LONGEST = 150;

/**
 * A file name for each name: characters that some file system does not allow become `_`, and where two would be the same (also for those who
 * do not tell capitals from small letters) the later has a number.
 * @param names without doubles. @param ending with its dot.
 */
export function fileNames(names: readonly string[], ending: string): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    names.map((name) => {
      const plain = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_').slice(0, LONGEST);
      const safe =
        /^(\.*|(con|prn|aux|nul|com\d|lpt\d)(\..*)?)$/i.test(plain) || plain.startsWith('.') ? `_${plain}` : plain;
      let file = `${safe}${ending}`;
      for (let n = 2; taken.has(file.toLowerCase()); n++) file = `${safe}_${n}${ending}`;
      taken.add(file.toLowerCase());
      return [name, file];
    }),
  );
}
