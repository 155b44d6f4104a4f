/** Tables below each other, each under its name; numbers to the last digit. */
export const csvOf = (tables: readonly { name: string; rows: readonly (readonly number[])[] }[]): string =>
  tables.map(({ name, rows }) => [name, ...rows.map((row) => row.join(','))].join('\r\n') + '\r\n').join('\r\n');
