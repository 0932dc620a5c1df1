const scratch = new Float32Array(1)
const scratchBits = new Uint32Array(scratch.buffer)

/** IEEE 754 half precision bits → number. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Number → half precision bits, rounded to nearest, ties to even; infinity above 65519. */
export function toFloat16(value: number): number {
  scratch[0] = value
  const bits = scratchBits[0] as number
  const sign = (bits >>> 16) & 0x8000
  const magnitude = Math.abs(scratch[0] as number)
  if (Number.isNaN(magnitude)) return sign | 0x7e00
  if (magnitude >= 65520) return sign | 0x7c00
  // below 2^-14 the step is constant
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24)
  const exponent = Math.floor(Math.log2(magnitude))
  // a fraction that rounds up to 1024 carries into the exponent, as it should
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024))
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  if (rest !== 0.5) return Math.round(value)
  return low % 2 === 0 ? low : low + 1
}
