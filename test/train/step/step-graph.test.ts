import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {UnsupportedError, UsageError} from '../../../src/errors.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import type {Node} from '../../../src/ir/node.js'
import {verify} from '../../../src/ir/verify.js'
import {lookup} from '../../../src/ops/registry.js'
import type {Teacher} from '../../../src/train/step/add-teacher.js'
import {applyWeights, buildForward, buildStep} from '../../../src/train/step/step-graph.js'
import {printGraph} from '../../support/print-graph.js'
import {runGraph} from '../../support/run-graph.js'

const OPTIONS = {inputShapes: {x: [5, 3]}, losses: [{kind: 'cross-entropy'}]} as const

describe('buildStep', () => {
  it('makes weights inputs and gives the loss and their gradients', () => {
    const step = buildStep(twoHeads(), OPTIONS)
    const {graph} = step.model
    expect(verify(graph)).to.deep.equal([])
    expect(graph.inputs.map(({name}) => name)).to.deep.equal(['x', 'labels', 'w', 'b'])
    expect(graph.outputs.map(({name}) => name)).to.deep.equal([
      step.loss,
      ...step.parameters.map(({gradient}) => gradient),
    ])
    expect(step.parameters.map(({name, shape, decays}) => ({name, shape, decays}))).to.deep.equal([
      {name: 'w', shape: [3, 2], decays: true},
      {name: 'b', shape: [2], decays: false},
    ])
    expect(step.labels).to.deep.equal({name: 'labels', dtype: 'int64', shape: [5], classes: 2})
  })

  it('leaves the model as it was, and out what only other outputs need', () => {
    const model = twoHeads()
    const before = printGraph(model.graph)
    const step = buildStep(model, OPTIONS)
    expect(printGraph(model.graph)).to.equal(before)
    expect(step.model.graph.nodes().map(({opType}) => opType)).not.to.include('Tanh')
    expect(
      buildStep(model, {...OPTIONS, output: 'other', losses: [{kind: 'mse', against: 'teacher'}]}).teachers[0],
    ).to.include({
      dtype: 'float32',
    })
  })

  it('refuses what cannot be trained, with the reason', () => {
    expect(() => buildStep({...twoHeads(), opsets: new Map([['', 13]])}, OPTIONS)).to.throw(
      UnsupportedError,
      'opset 16',
    )
    expect(() => buildStep(twoHeads(), {...OPTIONS, output: 'nose'})).to.throw(UsageError, "'nose'")
    expect(() => buildStep(twoHeads(), {...OPTIONS, isFrozen: () => true})).to.throw(
      UnsupportedError,
      'frozen as asked',
    )
    expect(() => buildStep(twoHeads(), {...OPTIONS, output: 'flat'})).to.throw(UnsupportedError, 'class scores')
  })
})

describe('buildStep with a teacher', () => {
  it('computes the teacher beside the student, and trains the student alone', async () => {
    const losses = [{kind: 'distillation', temperature: 2}] as const
    const step = buildStep(twoHeads(), {...OPTIONS, losses, teacher: {model: twoHeads({factor: 3})}})
    const cached = buildStep(twoHeads(), {...OPTIONS, losses})
    expect(step.parameters.map(({name}) => name)).to.deep.equal(['w', 'b'])
    expect(step.teachers).to.deep.equal([])
    expect(cached.teachers[0]).to.include({name: 'teacher', dtype: 'float32'})
    const rows = Array.from({length: 15}, (_, index) => Math.sin(index))
    const x = new Tensor('float32', Float32Array.from(rows), [5, 3])
    const weights = {w: new Tensor('float32', [1, 2, 3, 4, 5, 6], [3, 2]), b: new Tensor('float32', [0, 1], [2])}
    const scores = await runGraph(twoHeads({factor: 3}), {x})
    const teacher = Object.values(scores).find(({dims}) => dims.length === 2)?.data as Float32Array
    const expected = await runGraph(cached.model, {x, ...weights, teacher: new Tensor('float32', teacher, [5, 2])})
    const actual = await runGraph(step.model, {x, ...weights})
    expect(actual[step.loss]?.data[0]).to.be.above(0.01)
    expect(actual[step.loss]?.data[0]).to.be.closeTo(Number(expected[cached.loss]?.data[0]), 1e-5)
    step.parameters.forEach(({gradient}, index) => {
      const other = expected[cached.parameters[index]?.gradient ?? '']?.data ?? []
      Array.from(actual[gradient]?.data ?? []).forEach((value, at) => {
        expect(value).to.be.closeTo(Number(other[at]), 1e-5)
      })
    })
  })

  it('refuses a teacher of another opset, shape or input', () => {
    const withTeacher = (teacher: Teacher, value?: string) => () => {
      return buildStep(twoHeads(), {...OPTIONS, losses: [{kind: 'mse', against: 'teacher', teacher: value}], teacher})
    }
    const old = {...twoHeads(), opsets: new Map([['', 18]])}
    expect(withTeacher({model: old})).to.throw(UnsupportedError, 'opset 18')
    expect(withTeacher({model: twoHeads()}, 'flat')).to.throw(UnsupportedError, 'shape [5]')
    expect(withTeacher({model: twoHeads()}, 'nose')).to.throw(UsageError, "'nose'")
  })
})

describe('buildForward', () => {
  it('computes the same output with the weights of the step as inputs, the batch free', () => {
    const model = twoHeads()
    const forward = buildForward(model, buildStep(model, OPTIONS))
    expect(verify(forward.model.graph)).to.deep.equal([])
    expect(forward.model.graph.inputs.map(({name}) => name)).to.have.members(['x', 'w', 'b'])
    expect(forward.model.graph.inputs[0]?.type).to.deep.include({shape: ['N', 3]})
    expect(forward.model.graph.outputs.map(({name}) => name)).to.deep.equal([forward.output])
  })
})

describe('applyWeights', () => {
  it('writes what was trained into the model, and refuses what is not in it', () => {
    const model = twoHeads()
    const specOf = (node: Node) => lookup(node, 17)
    applyWeights(model, specOf, new Map([['b', Float32Array.of(8, 9)]]))
    const bias = model.graph.constants().find(({name}) => name === 'b')
    expect(bias?.constant?.read()).to.deep.equal(Float32Array.of(8, 9))
    expect(() => applyWeights(model, specOf, new Map([['c', Float32Array.of(1)]]))).to.throw("'c'")
  })
})

/** Class scores `[N, 2]`, something else from them, and their sum `[N]`. */
function twoHeads({factor = 1} = {}): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', ['N', 3])
  const w = build.floats(
    [1, 2, 3, 4, 5, 6].map((value) => value * factor),
    [3, 2],
    'w',
  )
  const scores = build.op('Add', [build.op('MatMul', [x, w]), build.floats([0, 1], [2], 'b')])
  build.output(scores)
  build.output(build.op('Tanh', [scores], {}, {outputs: ['other']}))
  build.output(build.op('ReduceSum', [scores, build.ints([1])], {keepdims: 0}, {outputs: ['flat']}))
  return emptyModel(graph)
}
