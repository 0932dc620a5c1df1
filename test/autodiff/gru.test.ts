import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {backward} from '../../src/autodiff/backward.js'
import type {Value} from '../../src/ir/value.js'
import {modelOf, specsFor} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'
import {readArrays} from '../support/stored-gradients.js'

const SLOTS = ['x', 'w', 'r', 'b'] as const

describe('gradient of GRU', () => {
  it('agrees with a bidirectional torch.nn.GRU in float64', async () => {
    const arrays = await readArrays('gru')
    const feeds: Record<string, OrtTensor> = {}
    let loss: Value | undefined
    const model = modelOf((build) => {
      const inputs = [...SLOTS, 'factor'].map((name) => {
        const {data, shape} = arrays.get(name) ?? {data: new Float32Array(), shape: []}
        feeds[name] = new OrtTensor('float32', data as Float32Array, shape)
        return build.input(name, shape)
      })
      const attributes = {hidden_size: 8, direction: 'bidirectional', linear_before_reset: 1}
      const y = build.op('GRU', inputs.slice(0, 4), attributes)
      loss = build.op('ReduceSum', [build.op('Mul', [y, inputs[4]])], {keepdims: 0})
    })
    const found = backward(
      model.graph,
      {loss: loss as Value, wrt: model.graph.inputs.slice(0, 4)},
      {specOf: specsFor(model)},
    )
    for (const gradient of found.values()) model.graph.addOutput(gradient)
    const results = await runGraph(model, feeds)
    for (const name of SLOTS) {
      const input = model.graph.inputs.find((value) => value.name === name) as Value
      const wanted = arrays.get(`d${name}`)?.data as Float64Array
      const gradient = results[found.get(input)?.name ?? '']?.data as Float32Array
      const peak = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(gradient).to.have.length(wanted.length)
      wanted.forEach((value, index) => {
        expect(gradient[index], `${name} ${index}`).to.be.closeTo(value, 1e-5 * peak)
      })
    }
  })
})
