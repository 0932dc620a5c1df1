import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {outputGradients} from '../../../src/train/step/output-gradients.js'
import {modelOf} from '../../support/pass-trial.js'
import {runGraph} from '../../support/run-graph.js'

describe('outputGradients', () => {
  const vector = (...values: number[]) => new Tensor('float32', Float32Array.from(values), [values.length])

  it('gives what tensors inside do to a weighted sum of all outputs', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2])
      const inner = build.op('Mul', [x, x], {}, {outputs: ['inner']})
      build.output(build.op('Exp', [inner], {}, {outputs: ['y']}))
      build.output(build.op('Neg', [inner], {}, {outputs: ['z']}))
      build.output(build.op('Shape', [x], {}, {outputs: ['sizes']}))
    }, 17)
    const {model: written, weights, gradients} = outputGradients(model, ['inner'])
    expect([...weights.keys()], 'integers have no gradient').to.deep.equal(['y', 'z'])
    const results = await runGraph(written, {
      x: vector(1, 0.5),
      [weights.get('y') ?? '']: vector(1, 2),
      [weights.get('z') ?? '']: vector(3, 0),
    })
    const found = Array.from(results[gradients.get('inner') ?? '']?.data as Float32Array)
    expect(found[0]).to.be.closeTo(Math.E - 3, 1e-6)
    expect(found[1]).to.be.closeTo(2 * Math.exp(0.25), 1e-6)
  })

  it('leaves out what reaches no output', () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2])
      build.op('Exp', [x], {}, {outputs: ['idle']})
      build.output(build.op('Neg', [x], {}, {outputs: ['y']}))
    }, 17)
    expect([...outputGradients(model, ['idle']).gradients]).to.deep.equal([])
  })
})
