import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float32, slicesOf, withSlices} from '../../../../src/ir/tensor.js'
import type {ScaleAxis} from '../../../../src/passes/quantize/numbers/channel-layout.js'
import {quantizeWeight} from '../../../../src/passes/quantize/numbers/quantize-weight.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'

/** What ONNX Runtime's QuantizeLinear makes of the same weight and scales. */
async function runtimeIntegers(values: Float32Array, shape: readonly number[], scales: Float32Array, axis: number) {
  const model = modelOf((build) => {
    const zeros = build.constant({dtype: 'int8', shape: [scales.length], read: () => new Int8Array(scales.length)})
    const inputs = [build.input('x', shape), build.floats(scales), zeros]
    build.output(build.op('QuantizeLinear', inputs, {axis}, {outputs: ['q']}))
  })
  const {q} = await runGraph(model, {x: new OrtTensor('float32', values, [...shape])})
  return Array.from(q?.data ?? [], Number)
}

describe('quantizeWeight', () => {
  for (const [shape, axis] of [
    [[5, 3, 3, 3], 0],
    [[7, 11], 1],
    [[3, 4, 6], 2],
  ] as const) {
    it(`gives the integers of ONNX Runtime's QuantizeLinear for ${shape.join('x')}, axis ${axis}`, async () => {
      const count = shape.reduce<number>((product, size) => product * size, 1)
      const values = randomFloats(count, 5, 3)
      const {integers, scales, scaleValues} = quantizeWeight(float32(values, shape), 'w', {axis})
      expect({dtype: integers.dtype, shape: integers.shape}).to.deep.equal({dtype: 'int8', shape})
      expect(scales.shape).to.deep.equal([shape[axis]])
      const expected = await runtimeIntegers(values, shape, scaleValues, axis)
      expect(Array.from(integers.read() as Int8Array)).to.deep.equal(expected)
    })
  }

  it('restores every weight to within half a step', () => {
    const values = randomFloats(60, 9, 0.01)
    for (const axis of [0, 1, 'rows', undefined] as ScaleAxis[]) {
      const {integers, scaleValues} = quantizeWeight(float32(values, [6, 10]), 'w', {axis})
      const step = Math.max(...scaleValues)
      ;(integers.read() as Int8Array).forEach((integer, i) => {
        const scale = scaleValues[axis === undefined ? 0 : axis === 1 ? i % 10 : Math.floor(i / 10)] as number
        expect(integer * scale).to.be.closeTo(values[i] as number, step / 2 + 1e-9)
      })
    }
  })

  it('stays within the peak: 127, or 64 for processors without dot products', () => {
    const values = randomFloats(100, 3)
    for (const peak of [127, 64]) {
      const integers = quantizeWeight(float32(values, [10, 10]), 'w', {axis: 0, peak}).integers.read() as Int8Array
      expect(Math.max(...integers.map(Math.abs))).to.equal(peak)
    }
  })

  it('gives the same numbers for a weight that comes in pieces, and in pieces itself', () => {
    const values = randomFloats(120, 4)
    for (const axis of [0, 1, 2, 'rows', undefined] as ScaleAxis[]) {
      const whole = quantizeWeight(float32(values, [4, 5, 6]), 'w', {axis})
      const weight = withSlices(float32(values, [4, 5, 6]), () =>
        [0, 50, 100].map((at) => values.subarray(at, at + 50)),
      )
      const {integers, scaleValues} = quantizeWeight(weight, 'w', {axis})
      const pieces = [...(slicesOf(integers)?.() ?? [])].map(({length}) => length)
      expect({pieces, scaleValues}).to.deep.equal({pieces: [50, 50, 20], scaleValues: whole.scaleValues})
      expect(integers.read()).to.deep.equal(whole.integers.read())
    }
  })

  it('is a scalar scale per tensor', () => {
    const {scales} = quantizeWeight(float32([1, -2, 3, 4], [2, 2]), 'w', {axis: undefined})
    expect(scales.shape).to.deep.equal([])
  })

  it('takes wider scales where a bias asks for them', () => {
    const {scaleValues} = quantizeWeight(float32([127, 127], [2, 1]), 'w', {axis: 0, atLeast: Float32Array.of(0.5, 4)})
    expect([...scaleValues]).to.deep.equal([1, 4])
  })
})
