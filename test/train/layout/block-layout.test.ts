import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {AttributeLike} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {verify} from '../../../src/ir/verify.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {blockedCopy} from '../../../src/train/layout/block-layout.js'
import {blockSize} from '../../../src/train/layout/block-size.js'
import {runGraph} from '../../support/run-graph.js'

const BLOCK = blockSize()
const PADS = [1, 1, 1, 1]

interface Layer {
  readonly opType?: 'Conv' | 'ConvTranspose'
  readonly data: readonly number[]
  readonly weight: readonly number[]
  readonly attributes?: Readonly<Record<string, AttributeLike>>
  readonly bias?: boolean
}

/** What is fed is the data and, as in a training step, the weights. */
function modelOf({opType = 'Conv', data, weight, attributes = {}, bias = false}: Layer): Model {
  const build = new GraphBuilder(new Graph())
  const filters = opType === 'Conv' ? (weight[0] as number) : (weight[1] as number) * Number(attributes.group ?? 1)
  const inputs = [build.input('x', data), build.input('w', weight), ...(bias ? [build.input('b', [filters])] : [])]
  build.output(build.op(opType, inputs, attributes, {outputs: ['y']}))
  const model = emptyModel(build.graph)
  inferModel(model)
  return model
}

function feedsOf(model: Model): Record<string, OrtTensor> {
  const feeds = model.graph.inputs.map((input, at): [string, OrtTensor] => {
    const shape = input.type?.kind === 'tensor' ? (input.type.shape as number[]) : []
    const length = shape.reduce((product, size) => product * size, 1)
    const values = Float32Array.from({length}, (_, index) => Math.sin(12.9898 * (index + 1) + at))
    return [input.name, new OrtTensor('float32', values, shape)]
  })
  return Object.fromEntries(feeds)
}

/** Operators of the blocked domain, in their order. */
function blockedOps({graph}: Model): string[] {
  return graph.nodes().flatMap(({domain, opType}) => (domain === 'com.microsoft.nchwc' ? [opType] : []))
}

/** The largest difference of any output over its root of the mean square. */
async function difference(plain: Model, blocked: Model): Promise<number> {
  const feeds = feedsOf(plain)
  const [wanted, got] = [await runGraph(plain, feeds), await runGraph(blocked, feeds)]
  const parts = Object.entries(wanted).map(([name, {data, dims}]) => {
    expect(got[name]?.dims).to.deep.equal(dims)
    const [reference, values] = [data, got[name]?.data] as [Float32Array, Float32Array]
    const scale = Math.sqrt(reference.reduce((sum, value) => sum + value * value, 0) / reference.length)
    return reference.reduce((most, value, at) => Math.max(most, Math.abs(value - (values[at] as number)) / scale), 0)
  })
  return Math.max(...parts)
}

const CHANGED: Readonly<Record<string, Layer>> = {
  'a dense convolution': {
    data: [3, 2 * BLOCK, 7, 5],
    weight: [BLOCK, 2 * BLOCK, 3, 3],
    attributes: {pads: PADS},
    bias: true,
  },
  'a dense convolution with strides, dilations and uneven padding': {
    data: [2, BLOCK, 11, 9],
    weight: [2 * BLOCK, BLOCK, 3, 2],
    attributes: {pads: [2, 0, 1, 1], strides: [2, 1], dilations: [2, 3]},
  },
  'a depthwise convolution': {
    data: [2, 2 * BLOCK, 6, 5],
    weight: [2 * BLOCK, 1, 3, 3],
    attributes: {pads: PADS, group: 2 * BLOCK, strides: [2, 2]},
    bias: true,
  },
  'the weight gradient of a depthwise convolution': {
    data: [1, 3 * BLOCK, 7, 7],
    weight: [BLOCK, 3, 7, 7],
    attributes: {pads: PADS, group: BLOCK},
  },
  'the weight gradient of a depthwise convolution with stride 2': {
    data: [1, 4 * BLOCK, 8, 6],
    weight: [BLOCK, 4, 4, 3],
    attributes: {pads: PADS, group: BLOCK, dilations: [2, 2]},
  },
  'the weight gradient of a depthwise convolution of 5 by 5': {
    data: [1, 2 * BLOCK, 7, 9],
    weight: [BLOCK, 2, 7, 9],
    attributes: {pads: [2, 2, 2, 2], group: BLOCK},
  },
  'the input gradient of a depthwise convolution with strides': {
    opType: 'ConvTranspose',
    data: [2, BLOCK, 4, 5],
    weight: [BLOCK, 1, 3, 3],
    attributes: {pads: PADS, group: BLOCK, strides: [2, 3], output_padding: [1, 2]},
    bias: true,
  },
}

const LEFT_ALONE: Readonly<Record<string, Layer>> = {
  'a kernel of one element': {data: [1, BLOCK, 4, 4], weight: [BLOCK, BLOCK, 1, 1]},
  'channels that do not fill blocks': {data: [1, BLOCK + 4, 4, 4], weight: [BLOCK, BLOCK + 4, 3, 3]},
  'filters that do not fill blocks': {data: [1, BLOCK, 4, 4], weight: [BLOCK + 4, BLOCK, 3, 3]},
  'groups of several channels': {data: [2, 2 * BLOCK, 4, 4], weight: [2 * BLOCK, BLOCK, 3, 3], attributes: {group: 2}},
  'one axis': {data: [1, BLOCK, 9], weight: [BLOCK, BLOCK, 3]},
  'SAME padding': {data: [1, BLOCK, 4, 4], weight: [BLOCK, BLOCK, 3, 3], attributes: {auto_pad: 'SAME_UPPER'}},
  'a dense ConvTranspose': {opType: 'ConvTranspose', data: [1, BLOCK, 4, 4], weight: [BLOCK, BLOCK, 3, 3]},
}

describe('blockedCopy', () => {
  for (const [name, layer] of Object.entries(CHANGED)) {
    it(`gives the same numbers from blocks: ${name}`, async () => {
      const plain = modelOf(layer)
      const {model, changed} = blockedCopy(plain, BLOCK)
      verify(model.graph)
      expect(changed).to.equal(1)
      expect(blockedOps(model)).to.include('Conv')
      expect(model.graph.nodes().some(({domain, opType}) => domain === '' && opType.startsWith('Conv'))).to.equal(false)
      expect(await difference(plain, model)).to.be.at.most(1e-5)
    })
  }

  for (const [name, layer] of Object.entries(LEFT_ALONE)) {
    it(`leaves alone: ${name}`, () => {
      const {model, changed} = blockedCopy(modelOf(layer), BLOCK)
      expect([changed, blockedOps(model)]).to.deep.equal([0, []])
    })
  }

  it('passes blocks from one convolution to the next, with the Relu in between, and leaves the original as it was', async () => {
    const build = new GraphBuilder(new Graph())
    const shape = [2, BLOCK, 5, 5]
    const weights = ['w1', 'w2'].map((name) => build.input(name, [BLOCK, BLOCK, 3, 3]))
    const first = build.op('Conv', [build.input('x', shape), weights[0]], {pads: PADS})
    const second = build.op('Conv', [build.op('Relu', [first]), weights[1]], {pads: PADS})
    build.output(build.op('Relu', [second], {}, {outputs: ['y']}))
    const plain = emptyModel(build.graph)
    inferModel(plain)

    const {model} = blockedCopy(plain, BLOCK)

    expect(blockedOps(model)).to.deep.equal(['ReorderInput', 'Conv', 'Conv', 'ReorderOutput'])
    expect(model.graph.nodes().some(({opType}) => opType === 'Relu')).to.equal(false)
    expect(plain.graph.nodes().map(({opType}) => opType)).to.deep.equal(['Conv', 'Relu', 'Conv', 'Relu'])
    expect(await difference(plain, model)).to.be.at.most(1e-5)
  })

  it('takes the weight gradient of a depthwise convolution from blocks that are there, without swapping axes', async () => {
    const build = new GraphBuilder(new Graph())
    const [x, d] = ['x', 'd'].map((name) => build.input(name, [3, BLOCK, 5, 5])) as [Value, Value]
    const swap = (value: Value) => build.op('Transpose', [value], {perm: [1, 0, 2, 3]})
    const row = build.op('Reshape', [swap(x), build.ints([1, 3 * BLOCK, 5, 5])])
    build.output(build.op('Conv', [row, swap(d)], {pads: PADS, group: BLOCK}, {outputs: ['dw']}))
    const plain = emptyModel(build.graph)
    inferModel(plain)

    const {model} = blockedCopy(plain, BLOCK)

    expect(blockedOps(model)).to.deep.equal(['ReorderInput', 'ReorderInput', 'Conv', 'ReorderOutput'])
    expect(model.graph.nodes().some((node) => node.ints('perm', []).join() === '1,0,2,3')).to.equal(false)
    expect(await difference(plain, model)).to.be.at.most(1e-5)
  })

  for (const channels of [BLOCK, 2 * BLOCK]) {
    it(`puts ${channels} channels last straight from the blocks`, async () => {
      const build = new GraphBuilder(new Graph())
      const x = build.input('x', [2, channels, 3, 4])
      build.output(build.op('Conv', [x, build.input('w', [BLOCK, channels, 3, 3])], {pads: PADS}, {outputs: ['y']}))
      build.output(build.op('Transpose', [x], {perm: [0, 2, 3, 1]}, {outputs: ['last']}))
      const plain = emptyModel(build.graph)
      inferModel(plain)

      const {model} = blockedCopy(plain, BLOCK)

      expect(model.graph.nodes().some((node) => node.ints('perm', []).join() === '0,2,3,1')).to.equal(false)
      expect(await difference(plain, model)).to.be.at.most(1e-5)
    })
  }

  it('keeps a Relu apart when something else reads what is in front of it', async () => {
    const build = new GraphBuilder(new Graph())
    const inputs = [build.input('x', [1, BLOCK, 4, 4]), build.input('w', [BLOCK, BLOCK, 3, 3])]
    const convolved = build.output(build.op('Conv', inputs, {}, {outputs: ['z']}))
    build.output(build.op('Relu', [convolved], {}, {outputs: ['y']}))
    const plain = emptyModel(build.graph)
    inferModel(plain)

    const {model} = blockedCopy(plain, BLOCK)

    expect(model.graph.nodes().map(({opType}) => opType)).to.include('Relu')
    expect(await difference(plain, model)).to.be.at.most(1e-5)
  })
})
