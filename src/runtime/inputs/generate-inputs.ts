import {uniformFloat64} from 'pure-rand/distribution/uniformFloat64'
import {mersenne} from 'pure-rand/generator/mersenne'
import type {BatchInput} from '../../data/dataset.js'
import {fedInput} from '../../data/samples/fit-feed.js'
import {arrayTypeOf, type DType, type TypedArray} from '../../ir/dtype.js'
import {toFloat16} from '../../ir/float16.js'
import {elementCount} from '../../ir/tensor.js'
import type {Fill} from './input-fill.js'
import type {InputPlan} from './plan-inputs.js'

type MadeUp = Exclude<Fill, {readonly kind: 'given'}>

/** The arrays a plan describes. Same plan and seed, same values; inputs of one plan are drawn from one stream, in order. */
export function generateInputs(plan: readonly InputPlan[], seed: number): Record<string, BatchInput> {
  const random = randomSource(seed)
  const entries = plan.map(({name, dtype, shape, fill}) => {
    if (fill.kind === 'given') return [name, fedInput({name, dtype, shape}, fill.value, shape)] as const
    const data = new (arrayTypeOf(dtype))(elementCount(shape))
    write(data, dtype, fill, random)
    return [name, {dtype, shape, data}] as const
  })
  return Object.fromEntries(entries)
}

/** Uniform numbers in [0, 1). Mersenne Twister, because it mixes its seed: xoroshiro's first numbers for seeds 0, 1, 2 are alike. */
function randomSource(seed: number): () => number {
  const generator = mersenne(seed)
  return () => uniformFloat64(generator)
}

function write(data: TypedArray, dtype: DType, fill: MadeUp, random: () => number): void {
  const encode = encoderOf(dtype)
  for (let index = 0; index < data.length; index++) data[index] = encode(draw(fill, random))
}

function draw(fill: MadeUp, random: () => number): number {
  if (fill.kind === 'constant') return fill.value
  if (fill.kind === 'integers') return Math.floor(random() * fill.below)
  return normal(random)
}

/** Box and Muller 1958. 1 − u keeps the logarithm away from 0. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function encoderOf(dtype: DType): (value: number) => number & bigint {
  type Encoder = (value: number) => number & bigint
  if (dtype === 'int64' || dtype === 'uint64') return ((value) => BigInt(value)) as Encoder
  if (dtype === 'float16') return toFloat16 as Encoder
  return ((value) => value) as Encoder
}
