import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {backward} from '../../src/autodiff/backward.js'
import {UnsupportedOpError} from '../../src/errors.js'
import type {GraphBuilder} from '../../src/ir/build.js'
import {int64, scalar, tensorOf} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {modelOf, specsFor} from '../support/pass-trial.js'
import {runGraph} from '../support/run-graph.js'

interface Trial {
  readonly loss: Value
  readonly wrt: readonly Value[]
}

/** The model with the gradients that were asked for as outputs `gradient_0`, …; those that do not exist are left out. */
function differentiate(write: (build: GraphBuilder) => Trial, opset = 17) {
  let trial: Trial | undefined
  let builder: GraphBuilder | undefined
  const model = modelOf((build) => {
    builder = build
    trial = write(build)
  }, opset)
  if (!trial || !builder) throw new Error('the graph was not written')
  const found = backward(model.graph, trial, {specOf: specsFor(model)})
  for (const [index, value] of trial.wrt.entries()) {
    const gradient = found.get(value)
    if (gradient) builder.output(builder.op('Identity', [gradient], {}, {outputs: [`gradient_${index}`]}))
  }
  inferModel(model)
  expect(verify(model.graph)).to.deep.equal([])
  return {model, found, trial}
}

const sumOf = (build: GraphBuilder, value: Value) => build.op('ReduceSum', [value], {keepdims: 0})
const vector = (...values: number[]) => new OrtTensor('float32', Float32Array.from(values), [values.length])

async function gradientsOf(
  write: (build: GraphBuilder) => Trial,
  feeds: Record<string, OrtTensor>,
): Promise<number[][]> {
  const {model} = differentiate(write)
  const results = await runGraph(model, feeds)
  return Object.keys(results)
    .filter((name) => name.startsWith('gradient_'))
    .sort()
    .map((name) => Array.from(results[name]?.data as ArrayLike<number>))
}

describe('backward', () => {
  it('adds up what flows into a value from all its uses', async () => {
    const [dX] = await gradientsOf(
      (build) => {
        const x = build.input('x', [2])
        return {loss: sumOf(build, build.op('Add', [build.op('Mul', [x, x]), x])), wrt: [x]}
      },
      {x: vector(3, -1)},
    )
    expect(dX).to.deep.equal([7, -1])
  })

  it('adds up the gradients of a bias that two layers share through Identity', async () => {
    const [dB] = await gradientsOf(
      (build) => {
        const [x, bias] = [build.input('x', [2, 2]), build.floats([1, 2], [2], 'bias')]
        const first = build.op('Add', [x, bias])
        const second = build.op('Add', [first, build.op('Identity', [bias])])
        return {loss: sumOf(build, build.op('Add', [first, second])), wrt: [bias]}
      },
      {x: new OrtTensor('float32', new Float32Array(4), [2, 2])},
    )
    expect(dB).to.deep.equal([6, 6])
  })

  it('writes nothing for what nobody asked for', () => {
    const {model, found, trial} = differentiate((build) => {
      const [x, w] = [build.input('x', ['N', 4]), build.floats(new Float32Array(8).fill(1), [4, 2], 'w')]
      const y = build.op('MatMul', [x, w])
      build.op('Relu', [x])
      return {loss: sumOf(build, y), wrt: [w]}
    })
    expect(shapeOf(found.get(trial.wrt[0] as Value))).to.deep.equal([4, 2])
    const written = model.graph.nodes().map((node) => node.opType)
    expect(written).to.deep.equal(['MatMul', 'Relu', 'ReduceSum', 'Shape', 'Expand', 'Gemm', 'Identity'])
  })

  it('leaves out values that do not reach the loss', () => {
    const {found} = differentiate((build) => {
      const [x, other] = [build.input('x', [2]), build.input('other', [2])]
      build.output(build.op('Neg', [other]))
      return {loss: sumOf(build, x), wrt: [x, other]}
    })
    expect([...found.keys()].map(({name}) => name)).to.deep.equal(['x'])
  })

  it('gives the gradient of a value in the middle', async () => {
    const [dMiddle] = await gradientsOf(
      (build) => {
        const middle = build.op('Mul', [build.input('x', [2]), build.floats([2], [1])])
        return {loss: sumOf(build, build.op('Mul', [middle, middle])), wrt: [middle]}
      },
      {x: vector(1, 2)},
    )
    expect(dMiddle).to.deep.equal([4, 8])
  })

  it('keeps shape and element type, with sizes that are free', () => {
    const {found, trial} = differentiate((build) => {
      const x = build.input('x', ['N', 3, 'T'], 'float64')
      return {loss: sumOf(build, build.op('Softmax', [x], {axis: 1})), wrt: [x]}
    })
    const gradient = found.get(trial.wrt[0] as Value)
    expect(shapeOf(gradient)).to.deep.equal(['N', 3, 'T'])
    expect(dtypeOf(gradient)).to.equal('float64')
  })

  it('stops at integers: what was cast to one gets no gradient', () => {
    const {found} = differentiate((build) => {
      const x = build.input('x', [2])
      const rounded = build.op('Cast', [build.op('Cast', [x], {to: 7})], {to: 1})
      return {loss: sumOf(build, rounded), wrt: [x]}
    })
    expect(found.size).to.equal(0)
  })

  it('refuses an operator without a gradient, with the way to what needs it', () => {
    const write = (build: GraphBuilder) => {
      const w = build.floats([1, 2], [2], 'w')
      const angle = build.op('Mul', [build.input('x', [2]), w], {}, {name: 'angle'})
      return {loss: sumOf(build, build.op('Round', [angle], {}, {name: 'snap'})), wrt: [w]}
    }
    expect(() => differentiate(write))
      .to.throw(UnsupportedOpError, "Round 'snap': no gradient rule, because the output does not change smoothly")
      .with.property('message')
      .that.includes('w needs it (snap <- angle <- w)')
  })

  it('says in one flag what to leave alone, of several operators without a gradient', () => {
    const write = (build: GraphBuilder) => {
      const weights = ['stem.a', 'stem.b', 'head.a'].map((name) => build.floats([1, 2], [2], name)) as [
        Value,
        Value,
        Value,
      ]
      const first = build.op('Round', [build.op('Mul', [build.input('x', [2]), weights[0]])])
      const second = build.op('Floor', [build.op('Mul', [first, weights[1]])])
      return {loss: sumOf(build, build.op('Mul', [second, weights[2]])), wrt: weights}
    }
    expect(() => differentiate(write))
      .to.throw(UnsupportedOpError, 'The same holds for Round')
      .with.property(
        'hint',
        "Leave what comes before as it is: --freeze '^(stem\\.)', or export the model without Floor, Round",
      )
  })

  it('does not send to --freeze where nothing would be left to train', () => {
    const write = (build: GraphBuilder) => {
      const w = build.floats([1, 2], [2], 'w')
      const angle = build.op('Mul', [build.input('x', [2]), w])
      return {loss: sumOf(build, build.op('Round', [angle])), wrt: [w]}
    }
    expect(() => differentiate(write))
      .to.throw(UnsupportedOpError)
      .with.property('hint', 'All that could be trained comes before it: export the model without Round')
  })

  it('passes by an operator without a gradient on a way to nothing', () => {
    const write = (build: GraphBuilder) => {
      const w = build.floats([1, 2], [2], 'w')
      const step = build.op('Round', [build.input('x', [2])])
      return {loss: sumOf(build, build.op('Mul', [step, w])), wrt: [w]}
    }
    expect(differentiate(write).found.size).to.equal(1)
  })

  it('refuses a subgraph that captures what is trained', () => {
    const write = (build: GraphBuilder) => {
      const w = build.floats([1, 2], [2], 'w')
      const branch = (opType: string) => {
        const graph = build.graph.constructor as new (name: string, parent: typeof build.graph) => typeof build.graph
        const body = new graph('branch', build.graph)
        const [value] = body.append({opType, inputs: [w]}).outputs
        body.addOutput(value as Value)
        return body
      }
      const condition = build.input('c', [], 'bool')
      const chosen = build.op('If', [condition], {then_branch: branch('Neg'), else_branch: branch('Abs')})
      return {loss: sumOf(build, chosen), wrt: [w]}
    }
    expect(() => differentiate(write)).to.throw(UnsupportedOpError, 'If')
  })

  it('passes straight through a quantization, and stops outside of its range', async () => {
    const [dX] = await gradientsOf(
      (build) => {
        const x = build.input('x', [4])
        const parts = [build.scalar(0.5), build.constant(scalar('int8', 0))]
        const q = build.op('QuantizeLinear', [x, ...parts])
        const y = build.op('DequantizeLinear', [q, ...parts])
        return {loss: sumOf(build, build.op('Mul', [y, build.floats([1, 2, 3, 4])])), wrt: [x]}
      },
      {x: vector(0.3, -70, 63.4, 64.5)},
    )
    expect(dX).to.deep.equal([1, 0, 3, 0])
  })

  it('quantizes a weight per channel and trains it straight through', async () => {
    const [dW] = await gradientsOf(
      (build) => {
        const w = build.floats([0.2, 300, -0.1, 5], [2, 2], 'w')
        const parts = [build.floats([1, 0.5]), build.constant(tensorOf('int8', [2], new Int8Array(2)))]
        const q = build.op('QuantizeLinear', [w, ...parts], {axis: 0})
        const y = build.op('DequantizeLinear', [q, ...parts], {axis: 0})
        return {loss: sumOf(build, build.op('Mul', [y, build.input('x', [2, 2])])), wrt: [w]}
      },
      {x: new OrtTensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2])},
    )
    expect(dW).to.deep.equal([1, 0, 3, 4])
  })

  it('stops nothing where the range is taken from the data', async () => {
    const product = (build: GraphBuilder, y: Value) => {
      return sumOf(build, build.op('Mul', [y, build.floats([1, 2, 3, 4])]))
    }
    const feeds = {x: vector(0.3, -70, 63.4, 64.5)}
    const [dynamic] = await gradientsOf((build) => {
      const x = build.input('x', [4])
      const parts = build.node('DynamicQuantizeLinear', [x], {}, {outputs: 3}).outputs as Value[]
      return {loss: product(build, build.op('DequantizeLinear', parts)), wrt: [x]}
    }, feeds)
    const [computed] = await gradientsOf((build) => {
      const x = build.input('x', [4])
      const peak = build.op('ReduceMax', [build.op('Abs', [x])], {keepdims: 0})
      const parts = [build.op('Div', [peak, build.scalar(127)]), build.constant(scalar('int8', 0))]
      const y = build.op('DequantizeLinear', [build.op('QuantizeLinear', [x, ...parts]), ...parts])
      return {loss: product(build, y), wrt: [x]}
    }, feeds)
    expect([dynamic, computed]).to.deep.equal([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ])
  })

  it('gives the elements that a Dropout kept their share', async () => {
    const {model} = differentiate((build) => {
      const x = build.input('x', [64])
      const inputs = [x, build.scalar(0.25), build.constant(scalar('bool', 1))]
      const y = build.output(build.op('Dropout', inputs, {}, {outputs: ['y']}))
      return {loss: sumOf(build, y), wrt: [x]}
    })
    const {y, gradient_0: dX} = await runGraph(model, {x: vector(...Array(64).fill(1))})
    expect(dX?.data).to.deep.equal(y?.data)
    expect(new Set(Array.from(dX?.data as ArrayLike<number>))).to.have.property('size', 2)
  })

  it('shares the gradient of a maximum among the elements that tie', async () => {
    const [dX] = await gradientsOf(
      (build) => {
        const x = build.input('x', [1, 1, 2, 4])
        const y = build.op('MaxPool', [x], {kernel_shape: [2, 2], strides: [2, 2]})
        return {loss: sumOf(build, y), wrt: [x]}
      },
      {x: new OrtTensor('float32', Float32Array.of(1, 1, 0, 5, 1, 1, 2, 3), [1, 1, 2, 4])},
    )
    expect(dX).to.deep.equal([0.25, 0.25, 0, 1, 0.25, 0.25, 0, 0])
  })

  it('adds up the rows of an embedding that are read twice', async () => {
    const [dTable] = await gradientsOf(
      (build) => {
        const table = build.floats(new Float32Array(6), [3, 2], 'table')
        const rows = build.op('Gather', [table, build.constant(int64([2, 0, 2]))])
        return {loss: sumOf(build, build.op('Mul', [rows, build.input('x', [3, 2])])), wrt: [table]}
      },
      {x: new OrtTensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2])},
    )
    expect(dTable).to.deep.equal([3, 4, 0, 0, 6, 8])
  })
})
