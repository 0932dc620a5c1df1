import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import type {Node} from '../../../../src/ir/node.js'
import {quantizeDynamicLstm, whyNotDynamicLstm} from '../../../../src/passes/quantize/dynamic/dynamic-lstm.js'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {reasonsIn, typeWhere} from '../../../support/chosen-type.js'
import {
  compareAround,
  floatFeed,
  kernelsOf,
  maxDifference,
  modelOf,
  onlyNode,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'

const HIDDEN = 8
const INPUT = 6

const whyNot = (node: Node) => (node.opType === 'LSTM' ? whyNotDynamicLstm(node) : null)

const dynamicLstm =
  (perChannel = true) =>
  () =>
    quantizeDynamicLstm({perChannel, typeOf: typeWhere(whyNot)})

const lstm =
  (directions: 1 | 2, attributes: Record<string, number> = {}): Write =>
  (build) => {
    const weight = (size: number, seed: number) => randomFloats(directions * 4 * HIDDEN * size, seed, 0.5)
    const inputs = [
      build.input('x', [5, 2, INPUT]),
      build.floats(weight(INPUT, 1), [directions, 4 * HIDDEN, INPUT], 'w'),
      build.floats(weight(HIDDEN, 2), [directions, 4 * HIDDEN, HIDDEN], 'r'),
      build.floats(randomFloats(directions * 8 * HIDDEN, 3, 0.5), [directions, 8 * HIDDEN], 'b'),
    ]
    const direction = directions === 2 ? 'bidirectional' : 'forward'
    const all = {hidden_size: HIDDEN, direction, ...attributes}
    const node = build.node('LSTM', inputs, all, {name: 'rnn', outputs: ['y', 'h', 'c']})
    for (const value of node.outputs) if (value) build.output(value)
  }

describe('quantizeDynamicLstm', () => {
  for (const directions of [1, 2] as const) {
    for (const perChannel of [true, false]) {
      it(`keeps weights as int8, ${directions} direction(s), ${perChannel ? 'per gate row' : 'per tensor'}`, async () => {
        const feeds = {x: floatFeed([5, 2, INPUT])}
        const {model, report, maxAbs} = await compareAround(lstm(directions), feeds, dynamicLstm(perChannel))
        expect(report.changed.map(({node, to}) => [node, to])).to.deep.equal([['rnn', 'int8']])
        const node = onlyNode(model, 'DynamicQuantizeLSTM')
        expect(node.domain).to.equal('com.microsoft')
        expect(node.inputs[1]?.constant?.shape).to.deep.equal([directions, INPUT, 4 * HIDDEN])
        expect(node.inputs[8]?.constant?.shape).to.deep.equal(perChannel ? [directions, 4 * HIDDEN] : [directions])
        expect(node.inputs[10]?.constant?.shape).to.deep.equal([directions])
        expect(model.graph.outputs.map(({name}) => name)).to.deep.equal(['y', 'h', 'c'])
        // gates sum 14 products of weights off by 0.5/254 and inputs off by 1/255 times 0.5: 0.06 before a sigmoid of slope
        // 1/4, which a cell adds up over 5 steps
        expect(maxAbs).to.be.above(0).and.below(0.06)
        expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeLSTM: 1})
      })
    }
  }

  it('stores uint8 where that is asked for, with the same results', async () => {
    const feeds = {x: floatFeed([5, 2, INPUT])}
    const signed = await compareAround(lstm(2), feeds, dynamicLstm())
    const {model, report, after} = await compareAround(lstm(2), feeds, () =>
      quantizeDynamicLstm({perChannel: true, typeOf: typeWhere(whyNot, WEIGHT_TYPES.uint8)}),
    )
    expect(report.changed.map(({to}) => to)).to.deep.equal(['uint8'])
    const types = onlyNode(model, 'DynamicQuantizeLSTM').inputs.map((value) => value?.constant?.dtype)
    expect(types.filter((dtype) => dtype?.includes('int'))).to.deep.equal(['uint8', 'uint8', 'uint8', 'uint8'])
    expect(maxDifference(signed.after, after)).to.be.below(1e-6)
  })

  it('keeps lengths, initial states, peepholes and a clip', async () => {
    const write: Write = (build) => {
      lstm(1)(build)
      const [plain] = build.graph.nodes()
      const states = [11, 12].map((seed) => build.floats(randomFloats(2 * HIDDEN, seed, 0.5), [1, 2, HIDDEN]))
      const lengths = build.constant({dtype: 'int32', shape: [2], read: () => Int32Array.of(5, 3)})
      const peepholes = build.floats(randomFloats(3 * HIDDEN, 13, 0.5), [1, 3 * HIDDEN])
      const inputs = [...(plain?.inputs.slice(0, 4) ?? []), lengths, ...states, peepholes]
      const all = {hidden_size: HIDDEN, direction: 'reverse', clip: float(3)}
      const node = build.node('LSTM', inputs, all, {outputs: ['y2', 'h2', 'c2']})
      for (const value of node.outputs) if (value) build.output(value)
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([5, 2, INPUT])}, dynamicLstm())
    expect(report.changed).to.have.length(2)
    expect(maxAbs).to.be.above(0).and.below(0.06)
    expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeLSTM: 2})
  })

  it('stores weights that two layers share once', async () => {
    const write: Write = (build) => {
      lstm(1)(build)
      const [first] = build.graph.nodes()
      const twin = build.node('LSTM', first?.inputs ?? [], {hidden_size: HIDDEN}, {outputs: ['y2']})
      if (twin.outputs[0]) build.output(twin.outputs[0])
    }
    const {model} = await compareAround(write, {x: floatFeed([5, 2, INPUT])}, dynamicLstm())
    const integers = model.graph.constants().filter(({constant}) => (constant?.shape.length ?? 0) === 3)
    expect(integers.map(({constant}) => constant?.dtype)).to.deep.equal(['int8', 'int8'])
  })

  it('leaves layout 1 and computed weights alone and says why', () => {
    const model = modelOf(lstm(1, {layout: 1}))
    expect(reasonsIn(model, whyNot)[0]?.[1]).to.match(/layout 1/)
    const computed = modelOf((build) => {
      lstm(1)(build)
      const [node] = build.graph.nodes()
      if (node) build.graph.setInput(node, 1, build.input('weights', [1, 4 * HIDDEN, INPUT]))
    })
    expect(reasonsIn(computed, whyNot)[0]?.[1]).to.match(/not float32 constants/)
  })
})
