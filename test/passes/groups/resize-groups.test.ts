import {expect} from 'chai'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {verify} from '../../../src/ir/verify.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {disjointGroups} from '../../../src/passes/groups/disjoint-groups.js'
import {findGroups} from '../../../src/passes/groups/find-groups.js'
import {tiesOf} from '../../../src/passes/groups/node-ties.js'
import {type Resizing, resizeGroups} from '../../../src/passes/groups/resize-groups.js'
import {separateConstants} from '../../../src/passes/groups/separate-constants.js'
import {zeroUnits} from '../../support/group-trial.js'
import {
  type Feeds,
  floatFeed,
  maxDifference,
  modelOf,
  randomFloats,
  specsFor,
  type Write,
} from '../../support/pass-trial.js'
import {runGraph} from '../../support/run-graph.js'

/** Of the next weight: both copies of a model get the same. */
let seed = 1

/** Every free group loses all units but the second and the last. */
function plan(write: Write, opset: number, kind?: string): {model: Model; resizings: Resizing[]} {
  seed = 1
  const model = modelOf(write, opset)
  separateConstants(model.graph, specsFor(model))
  inferModel(model)
  const free = findGroups(model.graph, specsFor(model)).filter(
    (group) => group.blocked === undefined && group.inexact === undefined,
  )
  const groups = disjointGroups(free.filter((group) => group.size > 1 && (kind === undefined || group.kind === kind)))
  return {model, resizings: groups.map((group) => ({group, kept: group.size > 2 ? [1, group.size - 1] : [1]}))}
}

/** Removes units on one copy, zeroes what makes them on another, and runs both. @returns what went, as `kind size>kept`. */
async function trial(
  write: Write,
  feeds: Feeds,
  {opset = 17, kind}: {opset?: number; kind?: string} = {},
): Promise<string[]> {
  const zeroed = plan(write, opset, kind)
  zeroUnits(zeroed.resizings, tiesOf(specsFor(zeroed.model)))
  const {model, resizings} = plan(write, opset, kind)
  resizeGroups(resizings)
  expect(verify(model.graph)).to.deep.equal([])
  inferModel(model)
  expect(model.warnings, 'stale shapes').to.deep.equal([])
  expect(maxDifference(await runGraph(zeroed.model, feeds), await runGraph(model, feeds))).to.be.at.most(1e-5)
  return resizings.map(({group, kept}) => `${group.kind} ${group.size}>${kept.length}`)
}

const floats = (build: GraphBuilder, ...shape: number[]): Value =>
  build.floats(
    randomFloats(
      shape.reduce((product, size) => product * size, 1),
      seed++,
    ),
    shape,
  )

const IMAGE: Feeds = {x: floatFeed([1, 4, 6, 6])}
const image = (build: GraphBuilder) => build.input('x', [1, 4, 6, 6])
const conv = (build: GraphBuilder, x: Value, out: number, into: number, group = 1) =>
  build.op('Conv', [x, floats(build, out, into / group, 1, 1), floats(build, out)], {group})
const ROWS: Feeds = {x: floatFeed([2, 5, 12])}

describe('resizeGroups', () => {
  it('cuts grouped convolutions by groups, and their attribute with them', async () => {
    const write: Write = (build) => {
      const grouped = conv(build, conv(build, image(build), 8, 4), 12, 8, 4)
      build.output(conv(build, conv(build, grouped, 24, 12, 12), 3, 24))
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 4>2'])
  })

  it('keeps the parts of Concat, Split, Slice and Pad in their places', async () => {
    const write: Write = (build) => {
      const x = image(build)
      const joined = build.op('Concat', [conv(build, x, 6, 4), conv(build, x, 5, 4)], {axis: 1})
      const parts = build.node(
        'Split',
        [conv(build, joined, 9, 11), build.ints([4, 5])],
        {axis: 1},
        {outputs: 2},
      ).outputs
      const [a, b] = [conv(build, parts[0] as Value, 8, 4), conv(build, parts[1] as Value, 4, 5)]
      const cut = build.op('Slice', [a, build.ints([2]), build.ints([6]), build.ints([1])])
      const padded = build.op('Pad', [b, build.ints([0, 1, 0, 0, 0, 3, 0, 0])])
      const sum = build.op('Add', [padded, conv(build, x, 8, 4)])
      build.output(conv(build, cut, 2, 4))
      build.output(conv(build, sum, 2, 8))
    }
    expect(await trial(write, IMAGE)).to.have.length.above(4)
  })

  it('splits evenly where no sizes were given, and says them where they differ', async () => {
    const write: Write = (build) => {
      const a = build.node('Split', [conv(build, image(build), 8, 4)], {axis: 1}, {outputs: 2}).outputs as Value[]
      const gated = build.op('Mul', [a[0], build.op('Tanh', [a[1]])])
      const b = build.node('Split', [conv(build, gated, 8, 4)], {axis: 1}, {outputs: 2}).outputs as Value[]
      build.output(conv(build, b[0] as Value, 2, 4))
      build.output(build.op('ReduceSum', [build.op('Relu', [b[1]]), build.ints([1])]))
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 4>2', 'channel 4>2', 'channel 4>2'])
  })

  it('takes runs of columns behind Flatten, and gates of squeeze-and-excite', async () => {
    const write: Write = (build) => {
      const a = build.op('Relu', [conv(build, image(build), 8, 4)])
      const squeezed = conv(build, build.op('Relu', [conv(build, build.op('GlobalAveragePool', [a]), 5, 8)]), 8, 5)
      const scaled = build.op('Mul', [a, build.op('Sigmoid', [squeezed])])
      build.output(
        build.op('Gemm', [build.op('Flatten', [scaled]), floats(build, 3, 288), floats(build, 3)], {transB: 1}),
      )
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 8>2', 'channel 5>2'])
  })

  it('follows a channel shuffle, and channels that become positions', async () => {
    const write: Write = (build) => {
      const x = image(build)
      const joined = build.op('Concat', [conv(build, x, 6, 4), conv(build, x, 6, 4)], {axis: 1})
      const turned = build.op('Transpose', [build.op('Reshape', [joined, build.ints([1, 2, 6, 6, 6])])], {
        perm: [0, 2, 1, 3, 4],
      })
      const halves = build.node(
        'Split',
        [build.op('Reshape', [turned, build.ints([1, 12, 6, 6])])],
        {axis: 1},
        {outputs: 2},
      ).outputs
      build.output(conv(build, halves[0] as Value, 2, 6))
      const deep = conv(build, halves[1] as Value, 12, 6)
      build.output(conv(build, build.op('DepthToSpace', [deep], {blocksize: 2}), 2, 3))
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 3>2', 'channel 3>2', 'channel 3>2'])
  })

  it('goes through transposed convolutions, norms and slopes per channel', async () => {
    const write: Write = (build) => {
      const a = build.op('ConvTranspose', [image(build), floats(build, 4, 6, 2, 2), floats(build, 6)])
      const vector = () => floats(build, 6)
      const b = build.op('InstanceNormalization', [a, vector(), vector()])
      const c = build.op('PRelu', [b, floats(build, 6, 1, 1)])
      const d = build.op('ConvTranspose', [c, floats(build, 6, 2, 1, 1)], {group: 3})
      build.output(conv(build, build.op('Resize', [d, undefined, undefined, build.ints([1, 6, 9, 9])]), 2, 6))
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 3>2'])
  })

  for (const kind of ['head', 'head-dim'] as const) {
    it(`cuts attention written out, Q, K and V in one weight, by ${kind}`, async () => {
      expect(await trial(fusedAttention, ROWS, {kind})).to.deep.equal(kind === 'head' ? ['head 3>2'] : ['head-dim 4>2'])
    })
  }

  it('takes key heads with all query heads that read them', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 5, 12])
      const heads = (width: number, count: number) =>
        build.op(
          'Transpose',
          [build.op('Reshape', [build.op('MatMul', [x, floats(build, 12, width)]), build.ints([0, 0, count, -1])])],
          {
            perm: [0, 2, 1, 3],
          },
        )
      const repeat = (value: Value) => {
        const wide = build.op('Expand', [build.op('Unsqueeze', [value, build.ints([2])]), build.ints([2, 3, 2, 5, 4])])
        return build.op('Reshape', [wide, build.ints([2, 6, 5, 4])])
      }
      const [q, k, v] = [heads(24, 6), repeat(heads(12, 3)), repeat(heads(12, 3))]
      const scores = build.op('Softmax', [build.op('MatMul', [q, build.op('Transpose', [k], {perm: [0, 1, 3, 2]})])])
      const mixed = build.op('Transpose', [build.op('MatMul', [scores, v])], {perm: [0, 2, 1, 3]})
      build.output(build.op('MatMul', [build.op('Reshape', [mixed, build.ints([2, 5, 24])]), floats(build, 24, 3)]))
    }
    expect(await trial(write, ROWS, {kind: 'head'})).to.deep.equal(['head 3>2'])
  })

  it("cuts the runtime's Attention and MultiHeadAttention by heads", async () => {
    const microsoft = {domain: 'com.microsoft'}
    const write: Write = (build) => {
      const x = build.input('x', [2, 5, 12])
      const a = build.op('Attention', [x, floats(build, 12, 36), floats(build, 36)], {num_heads: 3}, microsoft)
      const b = build.op('MatMul', [a, floats(build, 12, 12)])
      const [q, k, v] = [0, 1, 2].map(() => build.op('MatMul', [b, floats(build, 12, 16)]))
      const c = build.op('MultiHeadAttention', [q, k, v, floats(build, 48)], {num_heads: 4}, microsoft)
      build.output(build.op('MatMul', [c, floats(build, 16, 3)]))
    }
    expect(await trial(write, ROWS, {kind: 'head'})).to.deep.equal(['head 3>2', 'head 4>2'])
  })

  for (const [type, gates] of [
    ['LSTM', 4],
    ['GRU', 3],
    ['RNN', 1],
  ] as const) {
    it(`cuts ${type} in all gates, both directions, initial states and offsets`, async () => {
      const write: Write = (build) => {
        const x = build.input('x', [2, 5, 12])
        const weights = [
          floats(build, 2, gates * 6, 12),
          floats(build, 2, gates * 6, 6),
          floats(build, 2, 2 * gates * 6),
        ]
        const states =
          type === 'LSTM'
            ? [floats(build, 2, 5, 6), floats(build, 2, 5, 6), floats(build, 2, 18)]
            : [floats(build, 2, 5, 6)]
        const attributes = {hidden_size: 6, direction: 'bidirectional'}
        const [y] = build.node(type, [x, ...weights, undefined, ...states], attributes, {outputs: 1}).outputs
        const joined = build.op('Reshape', [build.op('Transpose', [y], {perm: [0, 2, 1, 3]}), build.ints([2, 5, 12])])
        build.output(build.op('MatMul', [joined, floats(build, 12, 3)]))
      }
      expect(await trial(write, ROWS)).to.deep.equal(['hidden unit 6>2'])
    })
  }

  it('leaves a constant that others read as it was', async () => {
    const write: Write = (build) => {
      const bias = build.floats(randomFloats(6), [6], 'shared')
      const a = build.op('Conv', [image(build), floats(build, 6, 4, 1, 1), bias])
      build.output(conv(build, a, 2, 6))
      build.output(build.op('Add', [bias, build.floats([1])]))
    }
    expect(await trial(write, IMAGE)).to.deep.equal(['channel 6>2'])
  })
})

const fusedAttention: Write = (build) => {
  const x = build.input('x', [2, 5, 12])
  const packed = build.op('Add', [build.op('MatMul', [x, floats(build, 12, 36)]), floats(build, 36)])
  const split = build.op('Transpose', [build.op('Reshape', [packed, build.ints([2, 5, 3, 3, 4])])], {
    perm: [2, 0, 3, 1, 4],
  })
  const [q, k, v] = [0, 1, 2].map((index) => build.op('Gather', [split, build.scalar(index, 'int64')], {axis: 0}))
  const scaled = build.op('Mul', [q, build.scalar(0.5)])
  const scores = build.op('Softmax', [build.op('MatMul', [scaled, build.op('Transpose', [k], {perm: [0, 1, 3, 2]})])])
  const mixed = build.op('Transpose', [build.op('MatMul', [scores, v])], {perm: [0, 2, 1, 3]})
  build.output(build.op('MatMul', [build.op('Reshape', [mixed, build.ints([2, 5, 12])]), floats(build, 12, 3)]))
}
