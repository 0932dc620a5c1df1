import {expect} from 'chai'
import {fitScale} from '../../../../src/passes/quantize/numbers/fit-scale.js'
import {type GptqResult, gptq} from '../../../../src/passes/quantize/numbers/gptq.js'
import {randomFloats} from '../../../support/pass-trial.js'

const RANGE = {low: -7, high: 7}

/** Inputs `[samples, columns]` in which neighbours go together, and XᵀX. */
function inputs(samples: number, columns: number) {
  const x = randomFloats(samples * columns, 5)
  for (let i = 0; i < x.length; i++) if (i % columns > 0) x[i] = (x[i] as number) * 0.5 + 0.9 * (x[i - 1] as number)
  const products = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      for (let s = 0; s < samples; s++) {
        const product = (x[s * columns + i] as number) * (x[s * columns + j] as number)
        products[i * columns + j] = (products[i * columns + j] as number) + product
      }
    }
  }
  return {x, products}
}

function restored({integers, scales, zeroPoints}: GptqResult, blockSize: number): Float64Array {
  return Float64Array.from(integers, (integer, i) => {
    const block = Math.floor(i / blockSize)
    return (integer - (zeroPoints[block] as number)) * (scales[block] as number)
  })
}

/** Σ (x·w − x·ŵ)² over samples and rows. */
function outputError(x: Float32Array, weight: Float32Array, other: Float64Array, columns: number): number {
  let sum = 0
  for (let s = 0; s < x.length; s += columns) {
    for (let row = 0; row < weight.length; row += columns) {
      let difference = 0
      for (let k = 0; k < columns; k++) {
        difference += (x[s + k] as number) * ((weight[row + k] as number) - (other[row + k] as number))
      }
      sum += difference ** 2
    }
  }
  return sum
}

const plainGrid = (values: ArrayLike<number>) => ({
  scale: Math.max(...Array.from(values, Math.abs)) / 7,
  zeroPoint: 0,
})

function plain(weight: Float32Array, blockSize: number): Float64Array {
  const result = new Float64Array(weight.length)
  for (let at = 0; at < weight.length; at += blockSize) {
    const values = weight.subarray(at, at + blockSize)
    const {scale} = plainGrid(values)
    values.forEach((value, i) => {
      result[at + i] = Math.round(value / scale) * scale
    })
  }
  return result
}

function expectClose(values: Float64Array, expected: Float64Array): void {
  for (const [i, value] of values.entries()) expect(value).to.be.closeTo(expected[i] as number, 1e-6)
}

describe('gptq', () => {
  for (const [columns, blockSize] of [
    [64, 32],
    [160, 32],
    [192, 16],
    [60, 20],
  ] as const) {
    it(`halves the output's error of ${columns} columns in blocks of ${blockSize}`, () => {
      const {x, products} = inputs(5 * columns, columns)
      const weight = randomFloats(6 * columns, 3)
      const options = {columns, blockSize, range: RANGE, gridOf: plainGrid}
      const rounded = restored(gptq(weight, products, options), blockSize)
      const [before, after] = [plain(weight, blockSize), rounded].map((w) => outputError(x, weight, w, columns))
      expect(after).to.be.below(0.5 * (before as number))
    })
  }

  it('makes up in the second of two equal inputs for what the first lost', () => {
    // by hand, steps of 1: 0.4 → 0, and the second gets 0.4 + 0.4 = 0.8 → 1, where plain rounding gives 0 and 0
    const products = Float64Array.of(1, 1, 1, 1)
    const options = {columns: 2, blockSize: 2, range: RANGE, gridOf: () => ({scale: 1, zeroPoint: 0})}
    expect([...gptq([0.4, 0.4], products, options).integers]).to.deep.equal([0, 1])
  })

  it('rounds each value to the nearest where inputs have nothing to do with each other', () => {
    const columns = 40
    const weight = randomFloats(3 * columns, 8)
    const products = new Float64Array(columns * columns)
    for (let k = 0; k < columns; k++) products[k * columns + k] = k + 1
    const options = {columns, blockSize: 8, range: RANGE, gridOf: plainGrid}
    const rounded = restored(gptq(weight, products, options), 8)
    expectClose(rounded, plain(weight, 8))
  })

  it('gives the same whether columns are handed on together or one block at a time', () => {
    const columns = 300
    const {products} = inputs(400, columns)
    const weight = randomFloats(2 * columns, 4)
    const gridOf = () => ({scale: 0.2, zeroPoint: 0})
    // blocks of 150 are handed on 150 at a time, of 4 in 128
    const [a, b] = [150, 4].map((blockSize) => gptq(weight, products, {columns, blockSize, range: RANGE, gridOf}))
    expect([...(a as GptqResult).integers]).to.deep.equal([...(b as GptqResult).integers])
  })

  it('takes inputs that never were anything but 0, and fewer samples than columns', () => {
    const columns = 32
    const {products} = inputs(10, columns)
    for (let k = 0; k < columns; k++) products[5 * columns + k] = products[k * columns + 5] = 0
    const weight = randomFloats(columns, 2)
    const result = gptq(weight, products, {columns, blockSize: 32, range: RANGE, gridOf: plainGrid})
    expect(restored(result, 32)[5]).to.be.closeTo(weight[5] as number, (result.scales[0] as number) / 2 + 1e-6)
    const none = gptq(weight, new Float64Array(columns ** 2), {columns, blockSize: 32, range: RANGE, gridOf: plainGrid})
    expectClose(restored(none, 32), plain(weight, 32))
  })

  it('keeps zero points', () => {
    const columns = 64
    const {x, products} = inputs(400, columns)
    const weight = randomFloats(4 * columns, 6).map((value) => value + 1.5)
    const range = {low: 0, high: 15}
    const gridOf = (values: ArrayLike<number>) => fitScale(values, range)
    const result = gptq(weight, products, {columns, blockSize: 32, range, gridOf})
    expect(Math.min(...result.integers)).to.be.at.least(0)
    const signed = gptq(weight, products, {columns, blockSize: 32, range: RANGE, gridOf: plainGrid})
    const errors = [result, signed].map((one) => outputError(x, weight, restored(one, 32), columns))
    expect(errors[0]).to.be.below(errors[1] as number)
  })
})
