/** The rounding of ONNX QuantizeLinear (IEEE 754 roundTiesToEven). */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
