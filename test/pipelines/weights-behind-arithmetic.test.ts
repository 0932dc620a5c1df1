import {join} from 'node:path'
import {expect} from 'chai'
import {tensorOf} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {quantizeGraph} from '../../src/pipelines/quantize/quantize-model.js'
import {DataFolder} from '../support/data-folder.js'
import {evaluateInProcess} from '../support/evaluate-in-process.js'
import {floatFeed, maxDifference, modelOf, peakOf, randomFloats, type Write} from '../support/pass-trial.js'
import {PASS_DEFAULTS, quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {runGraph} from '../support/run-graph.js'

type Make = (build: Parameters<Write>[0], values: (count: number) => Float32Array) => Value

/** Ways in which exporters compute a `[32, 32]` weight from constants; `layers` is how many of the two become integers. */
const made: Record<string, Make> = {
  Identity: (build, values) => build.op('Identity', [build.floats(values(1024), [32, 32])]),
  Transpose: (build, values) => build.op('Transpose', [build.floats(values(1024), [32, 32])], {perm: [1, 0]}),
  Squeeze: (build, values) => build.op('Squeeze', [build.floats(values(1024), [1, 32, 32]), build.ints([0])]),
  Concat: (build, values) => {
    const parts = [build.floats(values(512), [16, 32]), build.floats(values(512), [16, 32])]
    return build.op('Concat', parts, {axis: 0})
  },
  'one part of a Split': (build, values) => {
    const table = build.floats(values(2048), [32, 64])
    return build.node('Split', [table], {axis: 1}, {outputs: 2}).outputs[0] as Value
  },
  'a mask': (build, values) => {
    const mask = tensorOf(
      'float32',
      [32, 32],
      Float32Array.from({length: 1024}, (_, i) => i % 2),
    )
    return build.op('Mul', [build.floats(values(1024), [32, 32]), build.constant(mask)])
  },
  'a weight norm': (build, values) => {
    const v = build.floats(values(1024), [32, 32])
    const norm = build.op('ReduceL2', [v], {axes: [0]})
    return build.op('Mul', [build.op('Div', [v, norm]), build.floats(values(32), [1, 32])])
  },
}

const OPTIONS = {...PASS_DEFAULTS, mode: 'weights', perChannel: true, peak: 127, evaluate: evaluateInProcess} as const
const sizeOf = (dim: unknown) => (typeof dim === 'number' ? dim : 1)

describe('quantize, of weights behind arithmetic', function () {
  this.timeout(60_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  const product =
    (make: Make): Write =>
    (build) => {
      const weight = make(build, (count) => randomFloats(count, count))
      build.output(build.op('MatMul', [build.input('x', [4, 32]), weight], {}, {name: 'product', outputs: ['y']}))
    }

  for (const [what, make] of Object.entries(made)) {
    it(`computes them first: ${what}`, async () => {
      const feeds = {x: floatFeed([4, 32])}
      const model = modelOf(product(make))
      const before = await runGraph(model, feeds)
      const {changed} = await quantizeGraph(model, {...OPTIONS, sizeOf})
      expect(changed).to.deep.include({
        rule: 'weights-only',
        node: 'product',
        op: 'MatMul',
        from: 'float32',
        to: 'int8',
        form: 'weights',
      })
      const after = await runGraph(model, feeds)
      // 32 products of values up to 1, weights off by half of 1/127 of at most 1
      expect(maxDifference(before, after))
        .to.be.above(0)
        .and.below((32 * Math.max(1, peakOf(before))) / 254)
    })
  }

  it('computes all parts of one table, none of which would be smaller alone', async () => {
    const model = modelOf((build) => {
      const parts = build.node('Split', [build.floats(randomFloats(3072), [32, 96])], {axis: 1}, {outputs: 3}).outputs
      const x = build.input('x', [4, 32])
      parts.forEach((part, index) => {
        build.output(build.op('MatMul', [x, part], {}, {name: `p${index}`, outputs: [`y${index}`]}))
      })
    })
    const {changed} = await quantizeGraph(model, {...OPTIONS, sizeOf})
    expect(changed.filter(({rule}) => rule === 'weights-only').map(({node}) => node)).to.deep.equal(['p0', 'p1', 'p2'])
  })

  it('says what stays float, and why', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [4, 32])
      // sixteen rows used 512 times: computed, the file would be larger
      const indices = build.constant(
        tensorOf(
          'uint8',
          [32, 32],
          new Uint8Array(1024).map((_, i) => i % 16),
        ),
      )
      const codes = build.op('Cast', [indices], {to: 7})
      const table = build.op('Gather', [build.floats(randomFloats(16)), codes], {}, {name: 'codebook'})
      const plain = build.op('MatMul', [x, build.floats(randomFloats(1024), [32, 32])], {}, {name: 'plain'})
      build.output(build.op('MatMul', [plain, table], {}, {name: 'coded', outputs: ['y']}))
    })
    const {skipped} = await quantizeGraph(model, {...OPTIONS, sizeOf})
    expect(skipped.map(({node}) => node)).to.deep.equal(['coded'])
    expect(skipped[0]?.reason).to.match(/^its weight is computed by (Gather|Cast) .*: /)
  })

  it('makes integers of all four layers of the case', async () => {
    const path = 'fixtures/cases/weights-behind-arithmetic'
    const output = join(folder.path, 'out.onnx')
    const options = quantizeOptions({mode: 'static', data: `${path}/data.npz`, output})
    const {changed, fidelity, skipped} = await quantize(`${path}/model.onnx`, options, SILENT)
    expect(changed.filter(({rule}) => rule === 'static').map(({node}) => node)).to.deep.equal(['c1', 'c2', 'c3', 'mm'])
    expect(skipped).to.deep.equal([])
    expect(fidelity?.sqnrDb).to.be.above(33)
  })
})
