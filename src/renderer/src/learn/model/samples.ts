/** The bundled samples by id, the photo first, and the picture that one dropped. */
export const samplePictures = [
  'landscape',
  'digit-on-paper',
  ...Array.from({ length: 10 }, (_, digit) => `digit-${digit}`),
  ...['t-shirt', 'trousers', 'dress', 'sneaker', 'bag', 'ankle-boot'],
  ...['red', 'green', 'blue', 'yellow', 'cyan', 'magenta'].map((color) => `${color}-shape`),
  ...['ellipse', 'rectangle', 'triangle', 'diamond', 'line'].map((shape) => `grey-${shape}`),
] as const;

export const OWN = 'own';
