/** Rows and columns of a block that holds `count` features: about as wide as asked, ten or a multiple to a line. */
export function vectorShape(count: number, aspect: number): { rows: number; columns: number } {
  if (count <= 10) return { rows: 1, columns: count };
  const columns = Math.min(count, Math.max(10, Math.round(Math.sqrt(count * aspect) / 10) * 10));
  return { rows: Math.ceil(count / columns), columns };
}
