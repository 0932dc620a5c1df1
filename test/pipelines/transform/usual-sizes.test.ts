import {expect} from 'chai'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {usualSizes} from '../../../src/pipelines/transform/usual-sizes.js'
import {modelOf, type Write} from '../../support/pass-trial.js'

const OPTIONS = {inputShapes: {}, dims: {}}

function sizesOf(graph: Write, options: Partial<Parameters<typeof usualSizes>[1]> = {}) {
  const model = modelOf(graph)
  inferModel(model)
  return usualSizes(model, {...OPTIONS, ...options})
}

/** A 3×3 convolution with padding, to `to` channels. */
function conv(
  build: GraphBuilder,
  x: Value,
  [from, to]: readonly [number, number],
  strides: readonly [number, number],
) {
  const weight = build.floats(new Float32Array(to * from * 9), [to, from, 3, 3])
  return build.op('Conv', [x, weight], {strides: [...strides], pads: [1, 1, 1, 1]})
}

describe('usualSizes', () => {
  it('finds nothing to choose where all sizes are fixed', () => {
    expect(sizesOf((build) => build.output(build.op('Relu', [build.input('x', [1, 8])])))).to.deep.equal([])
  })

  it('gives unnamed sizes that are added the same number', () => {
    const [first, ...others] = sizesOf((build) => {
      const [a, b] = [build.input('a', ['N', undefined, 8]), build.input('b', ['N', undefined, 8])]
      build.output(build.op('Concat', [a, b], {axis: 2}))
    })
    expect(first).to.deep.equal({a: [1, 64, 8], b: [1, 64, 8]})
    for (const {a, b} of others) expect(a?.[1]).to.equal(b?.[1])
  })

  it('takes pictures of a size at which every skip connection fits', () => {
    const found = sizesOf((build) => {
      let x = build.input('x', ['N', 3, 'H', 'W'])
      const skip = conv(build, x, [3, 4], [1, 1])
      for (const from of [3, 4, 4, 4, 4]) x = conv(build, x, [from, 4], [2, 2])
      const up = build.op('Resize', [x, undefined, build.floats([1, 1, 32, 32])], {mode: 'nearest'})
      build.output(build.op('Concat', [up, skip], {axis: 1}))
    })
    expect(found).to.have.length.above(3)
    for (const {x} of found) {
      expect((x?.[2] ?? 1) % 32).to.equal(0)
      expect((x?.[3] ?? 1) % 32).to.equal(0)
    }
  })

  it('takes a height that shrinks to the 1 which is squeezed, and a width of text', () => {
    const [first] = sizesOf((build) => {
      let x = build.input('x', ['N', 3, 'H', 'W'])
      for (const from of [3, 4, 4, 4, 4]) x = conv(build, x, [from, 4], [2, 1])
      build.output(build.op('Squeeze', [x, build.ints([2])]))
    })
    expect(first?.x?.[2]).to.equal(32)
    expect(first?.x?.[3]).to.equal(192)
  })

  it('solves for the size that a flattened layer fixes', () => {
    const [first] = sizesOf((build) => {
      const x = conv(build, build.input('x', ['N', 1, 'S', 'S']), [1, 2], [2, 2])
      const flat = build.op('Flatten', [x])
      build.output(build.op('Gemm', [flat, build.floats(new Float32Array(2 * 49 * 5), [98, 5])]))
    })
    expect(first?.x?.[2]).to.be.oneOf([13, 14])
    expect(first?.x?.[2]).to.equal(first?.x?.[3])
  })

  it('knows pictures that are classified, and pictures in which things are found', () => {
    const classifier: Write = (build) => {
      build.output(build.op('GlobalAveragePool', [conv(build, build.input('x', ['N', 3, 'H', 'W']), [3, 4], [2, 2])]))
    }
    const detector: Write = (build) => build.output(conv(build, build.input('x', ['N', 3, 'H', 'W']), [3, 4], [2, 2]))
    expect(sizesOf(classifier)[0]).to.deep.equal({x: [1, 3, 224, 224]})
    expect(sizesOf(detector)[0]).to.deep.equal({x: [1, 3, 320, 320]})
  })

  it('leaves sizes alone that flags fix', () => {
    const graph: Write = (build) => {
      build.output(build.op('Add', [build.input('a', ['N', 'T']), build.input('b', ['N', 'U'])]))
    }
    expect(sizesOf(graph, {dims: {U: 40}})[0]).to.deep.equal({a: [1, 40], b: [1, 40]})
  })
})
