import {expect} from 'chai'
import {float32} from '../../../../src/ir/tensor.js'
import {halfBits, halfScale} from '../../../../src/passes/quantize/numbers/half-scales.js'
import {quantizeWeight} from '../../../../src/passes/quantize/numbers/quantize-weight.js'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {randomFloats} from '../../../support/pass-trial.js'

describe('halfScale', () => {
  it('rounds to eleven binary digits, of either sign', () => {
    expect(halfScale(1 + 2 ** -11 + 2 ** -20)).to.equal(1 + 2 ** -10)
    expect(halfScale(-0.1)).to.equal(-0.0999755859375)
    expect(halfScale(2 ** -14)).to.equal(2 ** -14)
  })

  it('leaves alone what float16 has not the digits for', () => {
    for (const scale of [2 ** -14 * 0.99, -1e-7, 1e-30, 65536]) expect(halfScale(scale)).to.equal(scale)
  })
})

describe('halfBits', () => {
  it('gives bits of what float16 holds exactly, and nothing when one value is lost', () => {
    expect([...(halfBits(Float32Array.of(1, -0.5)) ?? [])]).to.deep.equal([0x3c00, 0xb800])
    expect(halfBits(Float32Array.of(1, 0.1))).to.equal(undefined)
  })
})

describe('quantizeWeight with scales in float16', () => {
  const products = Float64Array.from({length: 32 * 32}, (_, i) => (i % 33 === 0 ? 1 : 0.5))
  for (const [what, rounding] of [
    ['plain', undefined],
    ['mse', {grid: 'mse', fullRange: true}],
    ['GPTQ', {grid: 'mse', fullRange: true, products}],
  ] as const) {
    for (const type of [WEIGHT_TYPES.int4, WEIGHT_TYPES.uint4]) {
      it(`rounds to the scales it stores: ${type.dtype}, ${what}`, () => {
        const weight = float32(randomFloats(6 * 32, 2, 0.3), [6, 2, 16])
        const options = {axis: 'rows', type, rounding, halfScales: true} as const
        const {scales, scaleValues} = quantizeWeight(weight, 'w', options)
        expect(scales.dtype).to.equal('float16')
        expect([...(halfBits(scaleValues) ?? [])]).to.deep.equal([...(scales.read() as Uint16Array)])
      })
    }
  }

  it('keeps float32 for a weight too small for them', () => {
    const weight = float32(randomFloats(32, 2, 1e-5), [2, 16])
    const {scales} = quantizeWeight(weight, 'w', {axis: 'rows', type: WEIGHT_TYPES.int4, halfScales: true})
    expect(scales.dtype).to.equal('float32')
  })
})
