import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {toFloat16} from '../../../../src/ir/float16.js'
import {Graph} from '../../../../src/ir/graph.js'
import {tensorOf, withSlices} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {widened} from '../../../../src/ir/widened.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import {widenFloat16} from '../../../../src/passes/quantize/float16/widen-float16.js'
import {apply, modelOf, opTypes, randomFloats, type Write} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'

const [FLOAT, FLOAT16, INT64] = [1, 10, 7]
const halves = (values: ArrayLike<number>) => Uint16Array.from(values, toFloat16)
const half = (
  build: GraphBuilder,
  values: ArrayLike<number>,
  shape: number[] = [values.length],
  name?: string,
): Value => build.constant(tensorOf('float16', shape, halves(values)), name)
const feeds = {x: new OrtTensor('float16', halves(randomFloats(8, 3)), [2, 4])}

/** A product, a branch that captures it, a shape computed in between, and a constant that is stored in 16 bits. */
const network: Write = (build) => {
  const x = build.input('x', [2, 4], 'float16')
  const product = build.op('MatMul', [x, half(build, randomFloats(12, 1), [4, 3])], {}, {name: 'product'})
  const scaled = build.op('Mul', [product, build.op('Cast', [build.ints([2])], {to: FLOAT16})])
  const [then_branch, else_branch] = ['Neg', 'Exp'].map((opType) => {
    const graph = new Graph('branch', build.graph)
    const inner = new GraphBuilder(graph)
    graph.addOutput(inner.op(opType, [inner.op('Add', [scaled, half(inner, [0.25, -1, 3])])]))
    return graph
  }) as [Graph, Graph]
  const chosen = build.op('If', [build.input('c', [], 'bool')], {then_branch, else_branch})
  const wide = build.op('Cast', [chosen], {to: FLOAT})
  const stored = build.op('Cast', [half(build, [5, 6, 7])], {to: FLOAT})
  build.output(build.op('Add', [wide, stored], {}, {outputs: ['wide']}))
  build.output(build.op('Relu', [chosen], {}, {outputs: ['y']}))
  build.output(build.op('Cast', [chosen], {to: INT64}, {outputs: ['whole']}))
}

describe('widenFloat16', () => {
  for (const condition of [1, 0]) {
    it(`computes the same in float32, branch ${condition} included, and keeps the types of inputs and outputs`, async () => {
      const given = {...feeds, c: new OrtTensor('bool', Uint8Array.of(condition), [])}
      const model = modelOf(network)
      const report = await apply(widenFloat16, model)
      inferModel(model)
      expect(report.changed).to.deep.equal([{rule: 'widen-float16', from: 'float16', to: 'float32', count: 4}])
      const product = model.graph.nodes().find(({name}) => name === 'product')
      expect(product?.outputs[0]?.type).to.include({dtype: 'float32'})
      const [before, after] = [await runGraph(modelOf(network), given), await runGraph(model, given)]
      for (const name of ['wide', 'y', 'whole']) {
        const [expected, actual] = [before[name], after[name]]
        expect(actual?.type).to.equal(expected?.type)
        // rounded to 11 bits some times on the way; whole numbers may fall on the other side
        expect(floatsOf(actual)).to.satisfy((values: number[]) =>
          values.every(
            (value, index) =>
              Math.abs(value - (floatsOf(expected)[index] ?? Number.NaN)) <=
              (name === 'whole' ? 1 : 0.01 * Math.max(1, Math.abs(value))),
          ),
        )
      }
    })
  }

  it('leaves float32 graphs alone', async () => {
    const model = modelOf((build) => {
      build.output(build.op('Relu', [build.input('x', [4])]))
    })
    expect(await apply(widenFloat16, model)).to.deep.equal({changed: [], skipped: []})
  })

  it('puts Casts around operators of other domains, and says so', async () => {
    const model = modelOf((build) => {
      const x = build.op('Abs', [build.input('x', [4], 'float16')])
      const [own] = build.node('Own', [x, half(build, [1, 2, 3, 4], [4], 'w')], {}, {domain: 'my', name: 'own'}).outputs
      if (own) own.type = {kind: 'tensor', dtype: 'float16', shape: [4]}
      build.output(build.op('Relu', [own], {}, {outputs: ['y']}))
    })
    const {skipped} = await apply(widenFloat16, model)
    expect(opTypes(model)).to.deep.equal(['Cast', 'Abs', 'Cast', 'Own', 'Cast', 'Relu', 'Cast'])
    expect(skipped.map(({node}) => node)).to.deep.equal(['own'])
    expect(model.graph.constants().map(({constant}) => constant?.dtype)).to.deep.equal(['float16'])
  })

  it('widens every number exactly, in pieces too', () => {
    const all = Uint16Array.from({length: 2 ** 16}, (_, index) => index)
    const sliced = withSlices(tensorOf('float16', [all.length], all), () => [all.subarray(0, 1000), all.subarray(1000)])
    const floats = widened(sliced).read() as Float32Array
    expect([floats[0x3c00], floats[0x0001], floats[0xfbff], floats[0xfc00]]).to.deep.equal([
      1,
      2 ** -24,
      -65504,
      Number.NEGATIVE_INFINITY,
    ])
    const lossy = floats.findIndex((value, index) => !Number.isNaN(value) && toFloat16(value) !== index)
    expect(lossy).to.equal(-1)
  })
})

function floatsOf(result: {type: string; data: ArrayLike<unknown>} | undefined): number[] {
  const numbers = Array.from(result?.data ?? [], Number)
  if (result?.type !== 'float16') return numbers
  return Array.from(widened(tensorOf('float16', [numbers.length], Uint16Array.from(numbers))).read() as Float32Array)
}
