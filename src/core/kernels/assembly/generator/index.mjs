import { elementwise } from './elementwise.mjs';
import { convRows, dense, winogradProducts } from './gemm.mjs';
import { optimizers } from './optimizers.mjs';
import { planarConvolutions } from './planar.mjs';
import { tiles } from './tiles.mjs';
import { winogradTransforms } from './winograd.mjs';

/**
 * The generated AssemblyScript, as name → text. The sources import it from `./generated/`; `scripts/build-kernels.mjs`
 * passes it to the compiler and writes a copy to `out/kernels/generated`.
 */
export const generate = () => ({
  'tiles.ts': tiles(),
  'conv-rows.ts': convRows(),
  'dense.ts': dense(),
  'winograd-gemm.ts': winogradProducts(),
  'winograd-transforms.ts': winogradTransforms(),
  'planar-conv.ts': planarConvolutions(),
  'elementwise.ts': elementwise(),
  'optimizers.ts': optimizers(),
});
