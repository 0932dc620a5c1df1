import {expect} from 'chai'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {sequence} from '../../../src/passes/sequence.js'
import {foldIntoNextWeights} from '../../../src/passes/simplify/rules/fold-into-next-weights.js'
import {foldIntoWeights} from '../../../src/passes/simplify/rules/fold-into-weights.js'
import {compareAround, floatFeed, opTypes, peakOf, randomFloats, type Write} from '../../support/pass-trial.js'

/** One random net: constants before a convolution with random sizes, and behind it. */
class Chain {
  readonly #random
  readonly axes: number
  readonly groups: number
  readonly inputs: number
  readonly outputs: number
  readonly isTransposed: boolean

  constructor(private readonly seed: number) {
    this.#random = xoroshiro128plus(seed)
    this.axes = this.#pick(1, 3)
    this.groups = this.#pick(1, 3)
    this.inputs = this.groups * this.#pick(1, 3)
    this.outputs = this.groups * this.#pick(1, 3)
    this.isTransposed = this.#pick(0, 1) === 1
  }

  get shape(): number[] {
    return [2, this.inputs, ...new Array<number>(this.axes).fill(6)]
  }

  write(build: GraphBuilder): void {
    const chain = new Chain(this.seed)
    const scaled = chain.#affine(build, build.op('Abs', [build.input('x', ['N', ...this.shape.slice(1)])]), [
      'Mul',
      'Div',
    ])
    const y = chain.#affine(build, chain.#convolve(build, scaled), ['Mul', 'Div', 'Add', 'Sub'])
    build.output(build.op('Relu', [y], {}, {outputs: ['y']}))
  }

  #convolve(build: GraphBuilder, data: Value): Value {
    const kernel = new Array<number>(this.axes).fill(this.#pick(1, 3))
    const {inputs, outputs, groups} = this
    const sizes = this.isTransposed ? [inputs, outputs / groups] : [outputs, inputs / groups]
    const shape = [...sizes, ...kernel]
    const count = shape.reduce((product, size) => product * size, 1)
    const bias = this.#pick(0, 1) === 1 ? [build.floats(randomFloats(outputs, this.seed + 1))] : []
    const attributes = {group: groups, pads: new Array<number>(2 * this.axes).fill(this.#pick(0, 1))}
    const operands = [data, build.floats(randomFloats(count, this.seed), shape), ...bias]
    return build.op(this.isTransposed ? 'ConvTranspose' : 'Conv', operands, attributes)
  }

  #affine(build: GraphBuilder, data: Value, types: readonly string[]): Value {
    const isBehind = types.length > 2
    let y = data
    for (let left = this.#pick(0, 3); left > 0; left--) {
      const channels = this.#pick(0, 2) === 0 ? 1 : isBehind ? this.outputs : this.inputs
      const shape = [channels, ...new Array<number>(this.axes).fill(1)]
      const numbers = randomFloats(channels, this.seed + left).map((value) => value + Math.sign(value) * 0.5)
      y = build.op(types[this.#pick(0, types.length - 1)] ?? 'Mul', [y, build.floats(numbers, shape)])
    }
    return y
  }

  #pick(low: number, high: number): number {
    return uniformInt(this.#random, low, high)
  }
}

describe('foldIntoWeights and foldIntoNextWeights', () => {
  for (let seed = 0; seed < 40; seed++) {
    const chain = new Chain(seed)
    const {axes, groups, inputs, outputs, isTransposed} = chain
    const opType = isTransposed ? 'ConvTranspose' : 'Conv'
    it(`leave only ${opType} of ${inputs} to ${outputs} channels, ${groups} groups, ${axes} axes (seed ${seed})`, async () => {
      const write: Write = (build) => chain.write(build)
      const pass = sequence(foldIntoWeights, foldIntoNextWeights, foldIntoNextWeights, foldIntoNextWeights)
      const {model, before, maxAbs} = await compareAround(write, {x: floatFeed(chain.shape)}, () => pass)
      expect(opTypes(model)).to.deep.equal(['Abs', opType, 'Relu'])
      expect(maxAbs).to.be.at.most(1e-5 * Math.max(1, peakOf(before)))
    })
  }
})
