import {expect} from 'chai'
import {float} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Value} from '../../../src/ir/value.js'
import {foldIntoWeights} from '../../../src/passes/simplify/rules/fold-into-weights.js'
import {
  apply,
  compareAround,
  floatFeed,
  modelOf,
  opTypes,
  peakOf,
  randomFloats,
  type Write,
} from '../../support/pass-trial.js'

/** Scale, bias, mean, and a variance above 0. */
function statistics(build: GraphBuilder, channels: number, seed: number): Value[] {
  const variance = randomFloats(channels, seed + 3).map((value) => Math.abs(value) + 0.1)
  const rest = [0, 1, 2].map((i) => build.floats(randomFloats(channels, seed + i)))
  return [...rest, build.floats(variance)]
}

function convNorm(build: GraphBuilder, x: Value, bias: boolean, attributes: Record<string, number> = {}): Value {
  const weight = build.floats(randomFloats(6 * 2 * 9, 1), [6, 2, 3, 3], 'w')
  const conv = build.op('Conv', [x, weight, ...(bias ? [build.floats(randomFloats(6, 2), [6], 'b')] : [])], attributes)
  return build.op('BatchNormalization', [conv, ...statistics(build, 6, 11)], {epsilon: float(1e-3)})
}

describe('foldIntoWeights of BatchNormalization', () => {
  for (const {bias, attributes, channels} of [
    {bias: true, attributes: {}, channels: 2},
    {bias: false, attributes: {}, channels: 2},
    {bias: true, attributes: {group: 3}, channels: 6},
  ]) {
    it(`folds into a Conv ${bias ? 'with' : 'without'} bias, ${JSON.stringify(attributes)}, to 1e-5`, async () => {
      const write: Write = (build) => {
        const y = convNorm(build, build.input('x', ['N', channels, 5, 5]), bias, attributes)
        build.output(build.op('Relu', [y], {}, {outputs: ['y']}))
      }
      const feeds = {x: floatFeed([2, channels, 5, 5])}
      const {model, report, before, maxAbs} = await compareAround(write, feeds, () => foldIntoWeights)
      expect(opTypes(model)).to.deep.equal(['Conv', 'Relu'])
      expect(report.changed).to.have.length(1)
      expect(maxAbs).to.be.below(1e-5 * Math.max(1, peakOf(before)))
    })
  }

  it('keeps the name of a graph output, and the weight of a Conv that is shared', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 2, 5, 5])
      const weight = build.floats(randomFloats(6 * 2 * 9), [6, 2, 3, 3], 'w')
      const [first, second] = [build.op('Conv', [x, weight]), build.op('Conv', [x, weight])]
      build.output(
        build.op('BatchNormalization', [first, ...statistics(build, 6, 3)], {epsilon: float(1e-5)}, {outputs: ['n']}),
      )
      build.output(build.op('Abs', [second], {}, {outputs: ['plain']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([1, 2, 5, 5])}, () => foldIntoWeights)
    expect(model.graph.outputs.map(({name}) => name)).to.deep.equal(['n', 'plain'])
    expect(maxAbs).to.be.below(1e-5)
  })

  const refusals: readonly (readonly [what: string, write: Write, reason: RegExp])[] = [
    [
      'a Conv with other readers',
      (build) => {
        const y = convNorm(build, build.input('x', [1, 2, 5, 5]), true)
        build.output(build.op('Add', [y, y.producer?.inputs[0]]))
      },
      /other consumers/,
    ],
    [
      'a Conv that is a graph output',
      (build) => {
        const y = convNorm(build, build.input('x', [1, 2, 5, 5]), true)
        build.output(y)
        build.output(y.producer?.inputs[0] as Value)
      },
      /is a graph output/,
    ],
    [
      'what is no Conv',
      (build) => {
        const x = build.op('Relu', [build.input('x', [1, 6, 5, 5])])
        build.output(build.op('BatchNormalization', [x, ...statistics(build, 6, 3)]))
      },
      /follows no Conv/,
    ],
    [
      'training mode',
      (build) => {
        const y = convNorm(build, build.input('x', [1, 2, 5, 5]), true)
        y.producer?.set('training_mode', 1)
        build.output(y)
      },
      /training mode/,
    ],
    [
      'statistics that are computed',
      (build) => {
        const y = convNorm(build, build.input('x', [1, 2, 5, 5]), true)
        const norm = y.producer
        const before = new GraphBuilder(build.graph, {before: build.graph.nodes()[0] as NonNullable<typeof norm>})
        if (norm) build.graph.setInput(norm, 3, before.op('Abs', [norm.inputs[3]]))
        build.output(y)
      },
      /not a float32 constant/,
    ],
  ]
  for (const [what, write, reason] of refusals) {
    it(`leaves ${what} alone and says why`, async () => {
      const model = modelOf(write)
      const report = await apply(foldIntoWeights, model)
      expect(report.changed).to.be.empty
      expect(report.skipped.map((skip) => skip.reason).join()).to.match(reason)
      expect(opTypes(model)).to.include('BatchNormalization')
    })
  }

  it('does not pull a BatchNormalization out of a branch', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 2, 5, 5])
      const conv = build.op('Conv', [x, build.floats(randomFloats(108), [6, 2, 3, 3])])
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        const from = name === 't' ? conv : inner.floats(randomFloats(54, 9), [1, 6, 3, 3])
        inner.output(inner.op('BatchNormalization', [from, ...statistics(inner, 6, 3)]))
        return graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['y']}))
    }
    const {report, maxAbs} = await compareAround(write, {x: floatFeed([1, 2, 5, 5])}, () => foldIntoWeights)
    expect(report.changed).to.be.empty
    expect(report.skipped.map(({reason}) => reason)).to.include('the Conv is outside its branch')
    expect(maxAbs).to.equal(0)
  })
})
