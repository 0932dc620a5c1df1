import {expect} from 'chai'
import {copyGraph} from '../../../../src/ir/copy-graph.js'
import type {Model} from '../../../../src/ir/model.js'
import {readFloat32, type Tensor} from '../../../../src/ir/tensor.js'
import {verify} from '../../../../src/ir/verify.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import {dequantizeForTraining} from '../../../../src/passes/quantize/trained/dequantize-for-training.js'
import {requantizeTrained} from '../../../../src/passes/quantize/trained/requantize-trained.js'
import {apply, maxDifference, opTypes} from '../../../support/pass-trial.js'
import {printGraph} from '../../../support/print-graph.js'
import {halfScaled, QUANTIZED_FORMS} from '../../../support/quantized-forms.js'
import {runGraph} from '../../../support/run-graph.js'

/** The copy that is trained, and the numbers in the place of integers. */
async function trainable(model: Model, names: readonly string[]) {
  const copy = {...model, graph: copyGraph(model.graph)}
  await apply(dequantizeForTraining(21), copy)
  inferModel(copy)
  const constants = copy.graph.constants().filter(({name}) => names.includes(name))
  return {copy, numbers: new Map(constants.map(({name, constant}) => [name, readFloat32(constant as Tensor)]))}
}

function bytesOf(model: Model, name: string): number[] {
  const data = model.graph
    .constants()
    .find((value) => value.name === name)
    ?.constant?.read()
  return Array.from(data as Int8Array)
}

describe('requantizeTrained', () => {
  for (const {what, feeds, integers, tolerance, make} of QUANTIZED_FORMS) {
    it(`gives back the same integers for the same numbers: ${what}`, async () => {
      const [before, model] = [await make(), await make()]
      const {numbers} = await trainable(model, integers)
      const left = requantizeTrained(model.graph, new Map([...numbers, ['other', Float32Array.of(1)]]))
      expect(verify(model.graph)).to.deep.equal([])
      expect([...left.keys()]).to.deep.equal(['other'])
      for (const name of integers) expect(bytesOf(model, name), name).to.deep.equal(bytesOf(before, name))
      expect(maxDifference(await runGraph(before, feeds), await runGraph(model, feeds))).to.be.below(tolerance)
    })

    it(`writes what training computed with: ${what}`, async () => {
      const model = await make()
      const [shape, types] = [printGraph(model.graph), opTypes(model)]
      const {copy, numbers} = await trainable(model, integers)
      const moved = new Map([...numbers].map(([name, data]) => [name, data.map((x, i) => x * (1.3 + Math.sin(i) / 3))]))
      for (const value of copy.graph.constants()) {
        const data = moved.get(value.name)
        if (data && value.constant) copy.graph.setConstant(value, {...value.constant, read: () => data})
      }
      requantizeTrained(model.graph, moved)
      expect(opTypes(model)).to.deep.equal(types)
      expect(printGraph(model.graph)).to.equal(shape)
      const [trained, written] = [await runGraph(copy, feeds), await runGraph(model, feeds)]
      expect(maxDifference(trained, written)).to.be.below(tolerance * 4)
      expect(maxDifference(await runGraph(await make(), feeds), written)).to.be.above(0.05)
    })
  }
  for (const dtype of ['int4', 'uint4'] as const) {
    it(`leaves scales in float32, those it trained with, where ${dtype} weights had them in float16`, async () => {
      const {feeds, integers, tolerance, make} = halfScaled(dtype)
      const model = await make()
      const scaleOf = () => model.graph.constants().find(({name}) => name === 'w_s')?.constant?.dtype
      expect(scaleOf()).to.equal('float16')
      const {copy, numbers} = await trainable(model, integers)
      expect([...numbers.keys()]).to.have.members([...integers])
      const moved = new Map([...numbers].map(([name, data]) => [name, data.map((x, i) => x * (1.3 + Math.sin(i) / 3))]))
      for (const value of copy.graph.constants()) {
        const data = moved.get(value.name)
        if (data && value.constant) copy.graph.setConstant(value, {...value.constant, read: () => data})
      }
      requantizeTrained(model.graph, moved)
      expect(scaleOf()).to.equal('float32')
      const [trained, written] = [await runGraph(copy, feeds), await runGraph(model, feeds)]
      expect(maxDifference(trained, written)).to.be.below(tolerance * 4)
      expect((await trainable(model, integers)).numbers.size, 'can be trained once more').to.equal(integers.length)
    })
  }

  it('moves a bias beside a weight that was not trained', async () => {
    const form = QUANTIZED_FORMS.find(({what}) => what.startsWith('static QDQ with int8'))
    const [model, before] = [await form?.make(), await form?.make()] as [Model, Model]
    const {numbers} = await trainable(model, ['b_q'])
    const bias = numbers.get('b_q')?.map((number) => 2 * number) ?? new Float32Array()
    requantizeTrained(model.graph, new Map([['b_q', bias]]))
    expect(bytesOf(model, 'w_q')).to.deep.equal(bytesOf(before, 'w_q'))
    expect(bytesOf(model, 'b_q')).to.deep.equal(bytesOf(before, 'b_q').map((step) => 2 * step))
    expect(bytesOf(model, 'c_q')).to.deep.equal(bytesOf(before, 'c_q'))
  })
})
