import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import type {Value} from '../../src/ir/value.js'
import {fixedTransforms} from '../../src/passes/fixed-transforms.js'

describe('fixedTransforms', () => {
  const found = (write: (build: GraphBuilder, x: Value) => Value) => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(write(build, build.input('x', [1, 1, 64])))
    return [...fixedTransforms(graph).keys()].map(({name}) => name)
  }
  const conv = (build: GraphBuilder, x: Value, name: string) =>
    build.op('Conv', [x, build.floats(new Array(8 * 16).fill(0.1), [8, 1, 16])], {}, {name})
  const mel = (build: GraphBuilder, x: Value) =>
    build.op('MatMul', [build.floats(new Array(32).fill(0.1), [4, 8]), x], {}, {name: 'mel'})

  it('finds the Fourier transform and the mel filters in front of a Log', () => {
    const names = found((build, x) => {
      const power = (name: string) => build.op('Pow', [conv(build, x, name), build.floats([2], [])])
      const spectrum = build.op('Add', [power('real'), power('imaginary')])
      const bands = build.op('Clip', [mel(build, spectrum), build.floats([1e-10], [])])
      return build.op('Log', [bands])
    })
    expect(names).to.have.members(['real', 'imaginary', 'mel'])
  })

  it('leaves layers behind the Log, and layers behind an activation, to the quantizer', () => {
    const behind = found((build, x) => {
      const log = build.op('Log', [build.op('Abs', [conv(build, x, 'transform')])])
      return mel(build, log)
    })
    expect(behind).to.deep.equal(['transform'])
    const learned = found((build, x) => build.op('Log', [build.op('Relu', [conv(build, x, 'layer')])]))
    expect(learned).to.deep.equal([])
  })

  it('does not take a softplus or the log of a softmax for it', () => {
    const softplus = found((build, x) => {
      const exp = build.op('Exp', [conv(build, x, 'layer')])
      return build.op('Log', [build.op('Add', [exp, build.floats([1], [])])])
    })
    expect(softplus).to.deep.equal([])
    expect(found((build, x) => build.op('Log', [build.op('Softmax', [conv(build, x, 'layer')])]))).to.deep.equal([])
  })
})
