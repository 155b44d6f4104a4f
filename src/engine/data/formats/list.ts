import { cifar } from './cifar';
import { csv } from './csv';
import { folders } from './folders';
import type { DataFormat } from './format';
import { generated } from './generated';
import { idx } from './idx';
import { mat } from './mat';
import { numpy } from './numpy';
import { stl } from './stl';

/** Every format of data, in the order in which they are asked: any folder of folders may be one of pictures, so that comes last. */
export const formats: readonly DataFormat[] = [generated, idx, stl, cifar, numpy, csv, mat, folders];
