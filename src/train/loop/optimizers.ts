import {UnsupportedError} from '../../errors.js'
import type {OptimizerSpec} from './optimizer-spec.js'
import {compileLoop, LANES, type SimdLoop, type SimdMemory, simdMemory, type Term, termArithmetic} from './simd-loop.js'
import {type UpdateMoment, type UpdateRule, updateRule} from './update-rule.js'

export type {OptimizerSpec} from './optimizer-spec.js'

/** One tensor that is trained. */
export interface TrainedTensor {
  readonly length: number
  /** Whether weight decay applies: usually not to biases and scales. */
  readonly decays: boolean
}

/** What an update works on: arrays of one block of memory, which stay where they are. Zeros until someone fills them. */
export interface Optimizer {
  /** By tensor. Moved by every update. */
  readonly weights: readonly Float32Array[]
  /** By tensor; read by every update. */
  readonly gradients: readonly Float32Array[]
  /** The optimizer's memory: `moments[tensor][slot]`, each as long as the weight. */
  readonly moments: readonly (readonly Float32Array[])[]
  /** One update of all weights and moments, in place. */
  update(moment: Omit<UpdateMoment, 'decays'>): void
}

const MEMORY_LIMIT_BYTES = 2 ** 32

/**
 * An optimizer with PyTorch's meaning of every number, in machine code made for its rule, in float32 as PyTorch computes.
 *
 * @throws UnsupportedError when weights, gradients and moments together take more than 4 GiB.
 */
export function createOptimizer(spec: OptimizerSpec, tensors: readonly TrainedTensor[]): Optimizer {
  const rule = updateRule(spec)
  const kinds = 2 + rule.slots
  const memory = allocate(kinds * tensors.reduce((sum, {length}) => sum + padded(length), 0))
  const loop = compileRule(rule, memory)
  let place = 0
  const arrays = tensors.map(({length}) =>
    Array.from({length: kinds}, () => {
      const array = new Float32Array(memory.buffer, place, length)
      place += padded(length) * array.BYTES_PER_ELEMENT
      return array
    }),
  )
  const places = arrays.map((own) => own.map(({byteOffset}) => byteOffset))
  return {
    weights: arrays.map(([weight]) => weight as Float32Array),
    gradients: arrays.map(([, gradient]) => gradient as Float32Array),
    moments: arrays.map(([, , ...moments]) => moments),
    update(moment) {
      tensors.forEach(({length, decays}, index) => {
        loop(places[index] ?? [], length, Object.values(rule.numbersAt({...moment, decays})))
      })
    },
  }
}

/** Every array begins where a vector may, and a loop may touch what follows it. */
function padded(length: number): number {
  return Math.ceil(length / LANES) * LANES
}

function allocate(elements: number): SimdMemory {
  const sizeBytes = elements * Float32Array.BYTES_PER_ELEMENT
  if (sizeBytes <= MEMORY_LIMIT_BYTES) return simdMemory(sizeBytes)
  throw new UnsupportedError(`training these weights takes ${sizeBytes} bytes for them, their gradients and moments`, {
    hint: '4 GiB is the most: freeze some of the weights, or take the optimizer sgd',
  })
}

const ANY_MOMENT: UpdateMoment = {learningRate: 0, step: 1, gradientScale: 1, decays: true}

function compileRule(rule: UpdateRule, memory: SimdMemory): SimdLoop {
  const names = Object.keys(rule.numbersAt(ANY_MOMENT))
  const [weight, gradient, ...moments] = Array.from(
    {length: 2 + rule.slots},
    (_, index): Term => ({kind: 'array', index}),
  ) as [Term, Term, ...Term[]]
  const numbers = Object.fromEntries(names.map((name, index): [string, Term] => [name, {kind: 'number', index}]))
  const next = rule.next(termArithmetic, {weight, gradient, moments}, numbers)
  const writes = [{array: 0, term: next.weight}, ...next.moments.map((term, slot) => ({array: 2 + slot, term}))]
  return compileLoop({arrays: 2 + rule.slots, numbers: names.length, writes}, memory)
}
