import type { Method } from './protocol';

/** Every method's name at run time, for hosts to refuse others. A name that is missing here fails to compile. */
const names: Record<Method, true> = {
  start: true,
  openModel: true,
  samplePicture: true,
  inspect: true,
  thumbnails: true,
  values: true,
  mapDetails: true,
  npy: true,
  kernels: true,
  kernelNorms: true,
  explain: true,
  verify: true,
  modelFile: true,
  cancel: true,
  traffic: true,
};

export const isMethod = (name: unknown): name is Method => typeof name === 'string' && Object.hasOwn(names, name);
