/** The cell of a map of `rows × columns` under the pointer, or null beside it. */
export function cellUnder(
  event: { clientX: number; clientY: number },
  box: { left: number; top: number; width: number; height: number },
  rows: number,
  columns: number,
): { y: number; x: number } | null {
  const x = Math.floor(((event.clientX - box.left) / box.width) * columns);
  const y = Math.floor(((event.clientY - box.top) / box.height) * rows);
  return x >= 0 && y >= 0 && x < columns && y < rows ? { y, x } : null;
}
