import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {padDepthwise} from '../../../../src/passes/quantize/prepare/pad-depthwise.js'
import {
  apply,
  compareAround,
  floatFeed,
  modelOf,
  randomFloats,
  specsFor,
  type Write,
} from '../../../support/pass-trial.js'

function conv(
  build: GraphBuilder,
  x: Value,
  [out, perGroup, kernel]: readonly [number, number, number],
  group = 1,
): Value {
  const weight = build.floats(randomFloats(out * perGroup * kernel ** 2, out), [out, perGroup, kernel, kernel])
  const pad = (kernel - 1) / 2
  return build.op('Conv', [x, weight, build.floats(randomFloats(out, 3))], {group, pads: [pad, pad, pad, pad]})
}

/** Expand, depthwise, squeeze-and-excite, project: the block of MobileNetV3. */
const block =
  (channels: number): Write =>
  (build) => {
    const expanded = build.op('Relu', [conv(build, build.input('x', [2, 8, 6, 6]), [channels, 8, 1])])
    const deep = build.op('Relu', [conv(build, expanded, [channels, 1, 3], channels)])
    const squeezed = build.op('Relu', [conv(build, build.op('GlobalAveragePool', [deep]), [4, channels, 1])])
    const gate = build.op('Sigmoid', [conv(build, squeezed, [channels, 4, 1])])
    build.output(conv(build, build.op('Mul', [deep, gate]), [6, channels, 1]))
  }

const pad = (write: Write) =>
  compareAround(write, {x: floatFeed([2, 8, 6, 6])}, (model) => padDepthwise({specOf: specsFor(model)}))

describe('padDepthwise', () => {
  it('pads every weight of a block to 16 channels and changes no result', async () => {
    for (const [channels, padded] of [
      [14, 16],
      [30, 32],
      [120, 128],
    ] as const) {
      const {maxAbs, model, report} = await pad(block(channels))
      expect(maxAbs).to.be.below(1e-5)
      expect(report.changed).to.have.length(1)
      const convs = model.graph.nodes().filter(({opType}) => opType === 'Conv')
      expect(convs.map((node) => node.inputs[1]?.constant?.shape.slice(0, 2))).to.deep.equal([
        [padded, 8],
        [padded, 1],
        [4, padded],
        [padded, 4],
        [6, padded],
      ])
      expect(convs.map((node) => node.int('group', 1))).to.deep.equal([1, padded, 1, 1, 1])
    }
  })

  it('leaves whole vectors alone, and channels so few that padding would cost more', async () => {
    for (const channels of [16, 96])
      expect((await pad(block(channels))).report).to.deep.equal({changed: [], skipped: []})
    const {report} = await pad(block(9))
    expect(report.changed).to.be.empty
    expect(report.skipped[0]?.reason).to.contain('padding would cost more')
  })

  it('declines where the channels reach an output of the graph', async () => {
    const {report} = await pad((build) => {
      const x = conv(build, build.input('x', [2, 8, 6, 6]), [30, 8, 1])
      build.output(conv(build, x, [30, 1, 3], 30))
    })
    expect(report.changed).to.be.empty
    expect(report.skipped[0]?.reason).to.contain('graph output')
  })

  it('gives each reader of a shared bias its own copy, and leaves the other layer as it was', async () => {
    const write: Write = (build) => {
      const shared = build.floats(randomFloats(30, 9), undefined, 'shared')
      const x = build.input('x', [2, 8, 6, 6])
      const [a, b] = [1, 2].map((seed) => build.floats(randomFloats(240, seed), [30, 8, 1, 1])) as [Value, Value]
      const deep = build.op(
        'Conv',
        [build.op('Conv', [x, a, shared]), build.floats(randomFloats(270), [30, 1, 3, 3])],
        {
          group: 30,
        },
      )
      build.output(conv(build, deep, [4, 30, 1]))
      build.output(build.op('Conv', [x, b, shared]))
    }
    const {maxAbs, report} = await pad(write)
    expect(report.changed).to.have.length(1)
    expect(maxAbs).to.be.below(1e-5)
  })

  it('settles: a second run changes nothing', async () => {
    const model = modelOf(block(30))
    const pass = padDepthwise({specOf: specsFor(model)})
    await apply(pass, model)
    expect((await apply(pass, model)).changed).to.be.empty
  })
})
