/** The nine kernels of the course notes. */
export const gallery = {
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], // prettier-ignore
  vertical: [[0, 0, 0], [-1, 2, -1], [0, 0, 0]], // prettier-ignore
  surround: [[1, 1, 1], [1, -9, 1], [1, 1, 1]], // prettier-ignore
  'sobel-y': [[-1, -2, -1], [0, 0, 0], [1, 2, 1]], // prettier-ignore
  identity: [[0, 0, 0], [0, 1, 0], [0, 0, 0]], // prettier-ignore
  horizontal: [[0, -1, 0], [0, 2, 0], [0, -1, 0]], // prettier-ignore
  blur: [[0.11, 0.11, 0.11], [0.11, 0.11, 0.11], [0.11, 0.11, 0.11]], // prettier-ignore
  'sobel-x': [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], // prettier-ignore
  emboss: [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], // prettier-ignore
} as const;

export type Named = keyof typeof gallery;
export const names = Object.keys(gallery) as Named[];
