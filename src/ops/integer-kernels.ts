/**
 * Which of the operators whose records say how they would be quantized have integer kernels in ONNX Runtime 1.30 that pay. The records
 * hold for any runtime, these sets for that one.
 */
export const INTEGER_KERNELS: Readonly<Record<'compute' | 'elementwise' | 'passthrough', ReadonlySet<string>>> = {
  /** Weighted layers. */
  compute: new Set(['Conv', 'Gemm', 'MatMul']),
  /** Between weighted layers, on uint8 at least as fast as in float. */
  elementwise: new Set([
    ...['Add', 'Mul', 'GlobalAveragePool', 'Concat', 'Sigmoid', 'HardSigmoid', 'LeakyRelu', 'Where'],
  ]),
  /** On integers as they are, when both sides have one scale. */
  passthrough: new Set([
    ...['MaxPool', 'Reshape', 'Flatten', 'Transpose', 'Squeeze', 'Unsqueeze', 'Slice', 'Split', 'Gather'],
    ...['GatherElements', 'Resize', 'Expand', 'Tile', 'DepthToSpace'],
  ]),
}

/**
 * Operators that ONNX Runtime turns into integer kernels as soon as quantizers stand around them, though float is faster: of two
 * convolutions with one between them, at 64 × 56 × 56 on one thread, AveragePool makes 0.6–0.7× of float's speed, Softmax 0.7×.
 */
export const FASTER_IN_FLOAT: ReadonlySet<string> = new Set(['MaxPool', 'AveragePool', 'Softmax'])
