import {arch} from 'node:os'
import {cpuFeatures} from '../../runtime/providers/describe-machine.js'

/**
 * Channels per block that ONNX Runtime's convolution kernels take on this processor: as many as fill a vector, 16 with AVX-512 and on
 * ARM, else 8. A guess where the system does not tell: `layoutCheck` has the last word.
 *
 * @see `MlasNchwcGetBlockSize` in onnxruntime/core/mlas/lib/snchwc.cpp
 */
export function blockSize(): number {
  return arch() === 'arm64' || cpuFeatures().includes('avx512f') ? 16 : 8
}
