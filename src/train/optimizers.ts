import {UnsupportedError} from '../errors.js'
import type {OptimizerSpec} from './optimizer-spec.js'
import {compileLoop, LANES, type SimdLoop, type SimdMemory, simdMemory, type Term, termArithmetic} from './simd-loop.js'
import {type UpdateMoment, type UpdateRule, updateRule} from './update-rule.js'

export type {OptimizerSpec} from './optimizer-spec.js'

/** One trained tensor, all arrays of one length. */
export interface Trained {
  /** Modified in place. */
  readonly weight: Float32Array
  readonly gradient: Float32Array
  /** Whether weight decay applies: usually not to biases and scales. */
  readonly decays: boolean
}

/** Moments are the optimizer's memory: `moments[parameter][slot]`, each as long as the weight, zeros before the first step. */
export interface Optimizer {
  readonly moments: readonly (readonly Float32Array[])[]
  /**
   * One update of all weights and moments, in place.
   *
   * @param step counted from 1.
   * @param gradientScale what gradients are multiplied by, 1 when absent.
   */
  update(trained: readonly Trained[], learningRate: number, step: number, gradientScale?: number): void
}

/** Elements that are moved at once: weights and gradients lie elsewhere and go through a tile that stays in the nearest cache. */
const TILE = 2048
const MEMORY_LIMIT_BYTES = 2 ** 32

/**
 * An optimizer with PyTorch's meaning of every number, in machine code made for its rule, in float32 as PyTorch computes.
 *
 * @param lengths elements of each trained tensor, in the order `update` gets them.
 * @throws UnsupportedError when the moments take more than 4 GiB.
 */
export function createOptimizer(spec: OptimizerSpec, lengths: readonly number[]): Optimizer {
  return new SimdOptimizer(updateRule(spec), lengths)
}

class SimdOptimizer implements Optimizer {
  readonly moments: readonly (readonly Float32Array[])[]
  readonly #weight: Float32Array
  readonly #gradient: Float32Array
  readonly #loop: SimdLoop

  constructor(
    private readonly rule: UpdateRule,
    lengths: readonly number[],
  ) {
    const sizes = lengths.map((length) => Math.ceil(length / LANES) * LANES)
    const memory = allocate(2 * TILE + rule.slots * sizes.reduce((sum, size) => sum + size, 0))
    this.#weight = new Float32Array(memory.buffer, 0, TILE)
    this.#gradient = new Float32Array(memory.buffer, this.#weight.byteLength, TILE)
    let place = 2 * this.#weight.byteLength
    const take = (index: number): Float32Array => {
      const moment = new Float32Array(memory.buffer, place, lengths[index])
      place += (sizes[index] as number) * moment.BYTES_PER_ELEMENT
      return moment
    }
    this.moments = lengths.map((_, index) => Array.from({length: rule.slots}, () => take(index)))
    this.#loop = compileRule(rule, memory)
  }

  update(trained: readonly Trained[], learningRate: number, step: number, gradientScale = 1): void {
    trained.forEach((tensor, index) => {
      const numbers = Object.values(this.rule.numbersAt({learningRate, step, gradientScale, decays: tensor.decays}))
      this.#move(tensor, this.moments[index] ?? [], numbers)
    })
  }

  #move({weight, gradient}: Trained, moments: readonly Float32Array[], numbers: readonly number[]): void {
    for (let from = 0; from < weight.length; from += TILE) {
      const count = Math.min(TILE, weight.length - from)
      this.#weight.set(weight.subarray(from, from + count))
      this.#gradient.set(gradient.subarray(from, from + count))
      const places = [this.#weight, this.#gradient].map(({byteOffset}) => byteOffset)
      this.#loop(
        [...places, ...moments.map((moment) => moment.byteOffset + from * moment.BYTES_PER_ELEMENT)],
        count,
        numbers,
      )
      weight.set(count === TILE ? this.#weight : this.#weight.subarray(0, count), from)
    }
  }
}

function allocate(elements: number): SimdMemory {
  const sizeBytes = elements * Float32Array.BYTES_PER_ELEMENT
  if (sizeBytes <= MEMORY_LIMIT_BYTES) return simdMemory(sizeBytes)
  throw new UnsupportedError(
    `the optimizer's memory of these weights takes ${sizeBytes} bytes, and 4 GiB is the most`,
    {
      hint: 'Freeze some of the weights, or take the optimizer sgd',
    },
  )
}

const ANY_MOMENT: UpdateMoment = {learningRate: 0, step: 1, gradientScale: 1, decays: true}

function compileRule(rule: UpdateRule, memory: SimdMemory): SimdLoop {
  const names = Object.keys(rule.numbersAt(ANY_MOMENT))
  const [weight, gradient, ...moments] = Array.from(
    {length: 2 + rule.slots},
    (_, index): Term => ({kind: 'array', index}),
  )
  const numbers = Object.fromEntries(names.map((name, index): [string, Term] => [name, {kind: 'number', index}]))
  const next = rule.next(termArithmetic, {weight: weight as Term, gradient: gradient as Term, moments}, numbers)
  const writes = [{array: 0, term: next.weight}, ...next.moments.map((term, slot) => ({array: 2 + slot, term}))]
  return compileLoop({arrays: 2 + rule.slots, numbers: names.length, writes}, memory)
}
