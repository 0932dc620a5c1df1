import {expect} from 'chai'
import {encodeModel} from '../../../src/io/encode-model.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {blockSize} from '../../../src/train/layout/block-size.js'
import {layoutCheck} from '../../../src/train/layout/layout-check.js'
import {chooseStep, stepLayouts} from '../../../src/train/layout/step-layouts.js'

const CPU = {provider: 'cpu', threads: 1}

function convolution(channels: number): Model {
  const build = new GraphBuilder(new Graph())
  const w = build.input('w', [channels, channels, 3, 3])
  build.output(build.op('Conv', [build.input('x', [1, channels, 4, 4]), w]))
  const model = emptyModel(build.graph)
  inferModel(model)
  return model
}

function encoded(models: Readonly<Record<string, Model>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, encodeModel(model)]))
}

describe('stepLayouts and chooseStep', () => {
  it('choose the blocked step where the runtime computes it right', async () => {
    const models = encoded(stepLayouts(convolution(blockSize()), CPU))
    expect(await chooseStep(models, CPU)).to.equal(models.blocked)
  })

  it('offer nothing but the plain step to other providers, and where no convolution fits', () => {
    expect(Object.keys(stepLayouts(convolution(blockSize()), {...CPU, provider: 'webgpu'}))).to.deep.equal(['step'])
    expect(Object.keys(stepLayouts(convolution(blockSize() - 1), CPU))).to.deep.equal(['step'])
  })

  it('fall back to the plain step when the blocks are not those of the processor', async () => {
    const models = {...stepLayouts(convolution(blockSize()), CPU), check: layoutCheck(blockSize() / 2)}
    const bytes = encoded(models)
    expect(await chooseStep(bytes, CPU)).to.equal(bytes.step)
  })

  it('fall back to the plain step when the numbers differ', async () => {
    const build = new GraphBuilder(new Graph())
    build.output(build.op('Mul', [build.input('one', []), build.scalar(0.01)], {}, {outputs: ['difference']}))
    const models = encoded({...stepLayouts(convolution(blockSize()), CPU), check: emptyModel(build.graph)})
    expect(await chooseStep(models, CPU)).to.equal(models.step)
  })
})
