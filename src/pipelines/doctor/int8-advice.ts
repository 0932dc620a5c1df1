/** Instruction sets for int8 products, the best first, and what they mean for a quantized model. */
const X86_KERNELS: readonly {readonly features: readonly string[]; readonly means: string}[] = [
  {
    features: ['amx_int8'],
    means: 'amx_int8: int8 matrix tiles, the fastest int8 of any CPU; the full range of int8 weights is exact',
  },
  {
    features: ['avx512_vnni', 'avx_vnni', 'avx_vnni_int8'],
    means:
      'vnni: int8 dot products, int8 models run about 1.5 to 3.5 times faster; the full range of int8 weights is exact',
  },
  {
    features: ['avx512f'],
    means:
      'avx512 without vnni: int8 gains less, and uint8 x int8 products saturate: quantize for this machine keeps weights in -64..64',
  },
  {
    features: ['avx2'],
    means:
      'avx2 without vnni: int8 gains little, and uint8 x int8 products saturate: quantize for this machine keeps weights in -64..64',
  },
]

/**
 * What the processor's features mean for int8 models, for people.
 *
 * @param architecture Node's `process.arch`.
 * @param features names as `describeMachine` gives them; empty where the system does not tell.
 */
export function int8Advice(architecture: string, features: readonly string[]): string[] {
  if (architecture === 'arm64') return [armAdvice(features)]
  if (features.length === 0) {
    return ['the system does not tell the CPU features: int8 weights are kept in -64..64 unless --cpu vnni says more']
  }
  const best = X86_KERNELS.find((kernel) => kernel.features.some((feature) => features.includes(feature)))
  return [best?.means ?? 'no avx2: int8 models are not faster than float here; quantize for size only']
}

function armAdvice(features: readonly string[]): string {
  if (features.includes('i8mm')) return 'i8mm: int8 matrix products, the fastest int8 on ARM'
  if (features.includes('asimddp')) return 'asimddp: int8 dot products, int8 models gain well'
  return 'no dot-product instructions (asimddp): int8 models gain little over float on this CPU'
}
