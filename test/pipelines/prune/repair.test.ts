import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {copyGraph} from '../../../src/ir/copy-graph.js'
import type {Model} from '../../../src/ir/model.js'
import {specsOf} from '../../../src/ops/specs-of.js'
import {findGroups} from '../../../src/passes/groups/find-groups.js'
import {resizeGroups} from '../../../src/passes/groups/resize-groups.js'
import {productsToRefit} from '../../../src/passes/prune/repair/to-refit.js'
import {repair} from '../../../src/pipelines/prune/repair.js'
import {DataFolder} from '../../support/data-folder.js'
import {npyOf} from '../../support/npy-writer.js'
import {modelOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {SILENT} from '../../support/pipeline-options.js'
import {runGraph} from '../../support/run-graph.js'

const SETTINGS = {provider: 'cpu', threads: 1, dims: {}} as const
const SIDE = 8

describe('repair', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  /** A network whose channels 4 to 7 are mixtures of its channels 0 to 3, without an activation between: nothing is lost when they go. */
  const mixture = (shape: readonly number[]) => {
    const data = randomFloats(
      shape.reduce((product, size) => product * size, 1),
      3,
    )
    const half = data.length / 2
    for (let i = 0; i < half; i++)
      data[half + i] = 0.7 * (data[i] as number) - 0.2 * (data[(i + half / 4) % half] as number)
    return data
  }
  const NETS: Readonly<Record<string, Write>> = {
    'a convolution behind a convolution': (build) => {
      const x = build.input('x', ['N', 1, SIDE, SIDE])
      const inner = build.op('Conv', [x, build.floats(mixture([8, 1, 3, 3]), [8, 1, 3, 3])], {pads: [1, 1, 1, 1]})
      const weight = build.floats(randomFloats(5 * 8 * 9, 4), [5, 8, 3, 3])
      const y = build.op('Conv', [inner, weight, build.floats(randomFloats(5, 5))], {
        strides: [2, 2],
        pads: [0, 1, 1, 0],
      })
      build.output(y)
    },
    'a product with a matrix, its bias in an Add': (build) => {
      const x = build.input('x', ['N', 1, SIDE, SIDE])
      const flat = build.op('Reshape', [x, build.ints([0, SIDE, SIDE])])
      const weight = mixture([8, SIDE])
      const turned = Float32Array.from({length: 64}, (_, i) => weight[(i % 8) * SIDE + Math.floor(i / 8)] as number)
      const inner = build.op('MatMul', [flat, build.floats(turned, [SIDE, 8])])
      const product = build.op('MatMul', [inner, build.floats(randomFloats(24, 4), [8, 3])])
      build.output(build.op('Add', [product, build.floats([1, 2, 3])]))
    },
    'a Gemm behind a Flatten, with fewer samples than weights': (build) => {
      const x = build.input('x', ['N', 1, SIDE, SIDE])
      const inner = build.op('Conv', [x, build.floats(mixture([8, 1, 3, 3]), [8, 1, 3, 3])])
      const flat = build.op('Flatten', [inner])
      build.output(build.op('Gemm', [flat, build.floats(randomFloats(8 * 36 * 4, 4, 0.1), [8 * 36, 4])]))
    },
  }

  for (const [what, write] of Object.entries(NETS)) {
    it(`gives back what can be told from what is left: ${what}`, async () => {
      const dense = modelOf(write)
      const pruned = copyOf(dense)
      const groups = findGroups(pruned.graph, specsOf(pruned)).filter(({size, blocked}) => size === 8 && !blocked)
      expect(groups).to.have.length(1)
      const resizings = groups.map((group) => ({group, kept: [0, 1, 2, 3]}))
      const products = productsToRefit(resizings)
      expect(products).to.have.length(1)
      resizeGroups(resizings)
      const samples = randomFloats(200 * SIDE * SIDE, 9)
      const path = folder.write('x.npy', npyOf(samples, [200, 1, SIDE, SIDE]))
      const feeds = {x: new OrtTensor('float32', samples.slice(0, 4 * SIDE * SIDE), [4, 1, SIDE, SIDE])}
      const [wanted, removed] = [await valuesOf(dense, feeds), await valuesOf(pruned, feeds)]
      const data = {path, seed: 0}
      await repair(dense, pruned, products, {settings: SETTINGS, data, samples: 200, seed: 0, effects: SILENT})
      const repaired = await valuesOf(pruned, feeds)
      const lost = distance(wanted, removed)
      expect(lost).to.be.above(0.1)
      expect(distance(wanted, repaired) / lost, 'of what was lost').to.be.below(what.includes('fewer') ? 0.6 : 1e-3)
    })
  }

  function copyOf(model: Model): Model {
    return {...model, graph: copyGraph(model.graph, undefined, undefined, ({name}) => name)}
  }

  async function valuesOf(model: Model, feeds: Readonly<Record<string, OrtTensor>>): Promise<Float32Array> {
    const [first] = Object.values(await runGraph(model, feeds))
    return first?.data as Float32Array
  }

  /** Noise ÷ signal. */
  function distance(wanted: Float32Array, got: Float32Array): number {
    const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0)
    return energy(got.map((value, i) => value - (wanted[i] as number))) / energy(wanted)
  }
})
