import {expect} from 'chai'
import {specsOf} from '../../../../src/ops/specs-of.js'
import {decide} from '../../../../src/passes/quantize/plan/decide.js'
import {
  halfWeights,
  type SaferStep,
  saferArithmetic,
  saferWeights,
} from '../../../../src/passes/quantize/plan/safer-steps.js'
import type {Target} from '../../../../src/passes/quantize/plan/target.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'

/** Eight products in a row, ever larger, a root behind the fourth. */
const model = modelOf((build) => {
  let x = build.input('x', [64, 32])
  for (let i = 0; i < 8; i++) {
    const [rows, columns] = [32 * (i + 1), 32 * (i + 2)]
    x = build.op('Gemm', [x, build.floats(randomFloats(rows * columns), [rows, columns])], {}, {name: `g${i}`})
    if (i === 3) x = build.op('Sqrt', [build.op('Abs', [x])])
  }
  build.output(build.op('Softmax', [x]))
}, 21)
const {graph} = model

const plan = (changes: Partial<Target>) =>
  decide(graph, {
    ...{mode: 'static', weights: 'int8', format: 'qdq', blockSize: 32, perChannel: true, provider: 'cpu'},
    ...{sizeOf: () => undefined, specOf: specsOf(model), opset: 21, hasRanges: true, ...changes},
  })

const nodesOf = ({edits}: SaferStep) =>
  edits.map(({match, to}) => [to, 'nodes' in match ? [...match.nodes].sort().join(' ') : ''])

describe('saferArithmetic', () => {
  const steps = saferArithmetic(graph, plan({}), true)

  it('goes from the last layers to all, each step with those before', () => {
    expect(steps.map(({what}) => what)).to.deep.equal([
      'the last layers before the outputs in float',
      'the last layers before the outputs and the first quarter of the layers in float',
      'the last layers before the outputs, the first quarter of the layers and what feeds logarithms, powers and normalizations in float',
      'the last layers before the outputs, the first quarter of the layers, what feeds logarithms, powers and normalizations and the first half of the layers in float',
      'all layers in float',
    ])
    expect(steps.map(nodesOf)).to.deep.equal([
      [['stored', 'g7']],
      [['stored', 'g0 g1 g7']],
      [['stored', 'g0 g1 g3 g7']],
      [['stored', 'g0 g1 g2 g3 g7']],
      [['stored', 'g0 g1 g2 g3 g4 g5 g6 g7']],
    ])
  })

  it('does not end in float where integers were asked for by name', () => {
    expect(saferArithmetic(graph, plan({}), false).map(({what}) => what)).not.to.include('all layers in float')
  })
})

describe('saferWeights', () => {
  const packed = plan({mode: 'weights', weights: 'int4'})
  // 2, 6, 12, 20, 30, 42, 56 and 72 thousand weights: 5 % of them are 12, an eighth 30, a quarter 60, 40 % 96, half of them 120
  const shares = [
    [['stored-int8', 'g0 g1']],
    [['stored-int8', 'g0 g1 g2']],
    [['stored-int8', 'g0 g1 g2 g3']],
    [['stored-int8', 'g0 g1 g2 g3 g4']],
    [['stored-int8', 'g0 g1 g2 g3 g4 g5']],
  ]
  const all = [['stored-int8', 'g0 g1 g2 g3 g4 g5 g6 g7']]

  it('goes from small layers in 8 bits to all', () => {
    expect(saferWeights(packed, 16).map(nodesOf)).to.deep.equal([...shares, all])
    expect(saferWeights(packed, 16)[0]?.what).to.equal('the 2 smallest layers, 5 % of the weights at most, in 8 bits')
  })

  it('makes large blocks finer before it gives 4 bits up', () => {
    const steps = saferWeights(packed, 32)
    expect(steps.map(nodesOf)).to.deep.equal([...shares, shares.at(-1), all])
    expect(steps.map(({blockSize}) => blockSize)).to.deep.equal([...shares.map(() => undefined), 16, undefined])
  })

  it('has nothing to offer for weights of 8 bits', () => {
    expect(saferWeights(plan({}), 16)).to.be.empty
  })
})

describe('halfWeights', () => {
  it('stores in 16 bits whatever could be', () => {
    const [step] = halfWeights(plan({}))
    expect(nodesOf(step as SaferStep)).to.deep.equal([['float16', 'g0 g1 g2 g3 g4 g5 g6 g7']])
  })
})
