import {INT8_PEAK} from '../numbers/channel-scales.js'

/** The processors a quantized file can be made for. */
const CPUS = ['host', 'avx2', 'vnni', 'arm64', 'any'] as const
export type Cpu = (typeof CPUS)[number]

/** Weight magnitude at which a pair of u8×s8 products still fits the 16-bit sums of processors without a dot-product instruction. */
const HALF_RANGE_PEAK = 64

/** Instructions that add four u8×s8 products into 32 bits without saturating in between. */
const DOT_PRODUCT = ['avx512_vnni', 'avx_vnni', 'amx_int8']

/** What `--cpu` comes to: the name to record, and the largest weight magnitude that is exact there. */
export interface TargetCpu {
  readonly name: Exclude<Cpu, 'host'>
  readonly peak: number
}

/** @param features CPU features of this machine, for `host`. */
export function targetCpu(cpu: Cpu, architecture: string, features: readonly string[]): TargetCpu {
  const name = cpu === 'host' ? hostCpu(architecture, features) : cpu
  return {name, peak: name === 'avx2' || name === 'any' ? HALF_RANGE_PEAK : INT8_PEAK}
}

function hostCpu(architecture: string, features: readonly string[]): Exclude<Cpu, 'host'> {
  if (architecture === 'arm64') return 'arm64'
  return features.some((feature) => DOT_PRODUCT.includes(feature)) ? 'vnni' : 'avx2'
}
