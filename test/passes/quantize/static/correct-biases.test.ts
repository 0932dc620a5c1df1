import {expect} from 'chai'
import {readNumbers} from '../../../../src/ir/tensor.js'
import {biasedLayers, correctBiases, type LayerPair} from '../../../../src/passes/quantize/static/correct-biases.js'
import {quantizeStatic} from '../../../../src/passes/quantize/static/static.js'
import {apply, modelOf, onlyNode, randomFloats, type Write} from '../../../support/pass-trial.js'
import {planOf} from '../../../support/static-trial.js'

/** A convolution and the Relu that the quantizer behind it absorbs. */
const net: Write = (build) => {
  const weight = build.floats(randomFloats(2 * 4 * 9, 1, 0.5), [2, 4, 3, 3])
  const conv = build.op(
    'Conv',
    [build.input('x', [1, 4, 6, 6]), weight, build.floats([0.5, -0.25], [2])],
    {},
    {outputs: ['c']},
  )
  build.output(build.op('Relu', [conv], {}, {outputs: ['y']}))
}

async function corrected(error: readonly number[]) {
  const model = modelOf(net)
  const plan = planOf(model)
  const layers = biasedLayers(plan)
  const ranges = new Map(plan.tensors.map(({name}) => [name, {min: -1, max: 1}]))
  await apply(quantizeStatic({plan, ranges, perChannel: true}), model)
  const [biasOf, scalesOf] = [0, 1].map((slot) => () => {
    const restore = onlyNode(model, 'Conv').inputs[2]?.producer
    return [...readNumbers(restore?.inputs[slot]?.constant as never)].map(Number)
  }) as [() => number[], () => number[]]
  const before = biasOf()
  const asked: LayerPair[] = []
  const measure = async (pairs: readonly LayerPair[]) => {
    asked.push(...pairs)
    return new Map([['c', Float32Array.from(error)]])
  }
  const {changed} = await apply(correctBiases(layers, measure), model)
  return {before, after: biasOf(), scales: scalesOf(), asked, changed}
}

describe('correctBiases', () => {
  it('takes the error out of the bias, in steps of its scale', async () => {
    const {before, after, scales, changed} = await corrected([0.1, -0.05])
    expect(changed.map(({rule}) => rule)).to.deep.equal(['correct-bias'])
    after.forEach((value, c) => {
      const moved = ((before[c] as number) - value) * (scales[c] as number)
      expect(moved).to.be.closeTo([0.1, -0.05][c] as number, (scales[c] as number) / 2)
    })
  })

  it('asks for the result before the activation that was absorbed, where that lets values through', async () => {
    const {asked} = await corrected([0, 0])
    expect(asked.map(({float, open}) => ({float, open}))).to.deep.equal([
      {float: 'c', open: {min: 0, max: Number.POSITIVE_INFINITY}},
    ])
  })

  it('changes nothing where there is no error', async () => {
    const {before, after, changed} = await corrected([0, 0])
    expect(after).to.deep.equal(before)
    expect(changed).to.deep.equal([])
  })
})
