import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {BugError, InterruptedError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import type {Model} from '../../../src/ir/model.js'
import {otherSizes} from '../../../src/pipelines/transform/other-sizes.js'
import {writeAndProve} from '../../../src/pipelines/transform/staged-proof.js'
import type {Work} from '../../../src/pipelines/transform/work.js'
import {planInputs} from '../../../src/runtime/inputs/plan-inputs.js'
import {DataFolder} from '../../support/data-folder.js'
import {modelOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {quantizeOptions, SILENT} from '../../support/pipeline-options.js'

const float: Write = (build) => {
  const weight = build.floats(randomFloats(16 * 4), [16, 4])
  build.output(build.op('MatMul', [build.input('x', ['N', 16]), weight], {}, {outputs: ['y']}))
}

describe('writeAndProve', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  const workOf = (model: Model, name: string): Work => {
    const path = folder.write(`${name}.onnx`, encodeModel(modelOf(float)))
    return {
      input: {path, sizeBytes: statSync(path).size, files: [path]},
      model,
      outputPath: join(folder.path, `${name}.out.onnx`),
      plan: planInputs(model, {inputShapes: {}, dims: {}}),
      samples: undefined,
      judge: undefined,
      budget: undefined,
      evalBatch: 1,
      remedy: 'try something else',
    }
  }
  const filesOf = (name: string) => readdirSync(folder.path).filter((file) => file.includes(name))

  it('proves that a model which was not changed gives the same outputs', async () => {
    const {fidelity, output, warnings} = await writeAndProve(
      workOf(modelOf(float), 'same'),
      quantizeOptions({}),
      SILENT,
    )
    expect(fidelity).to.include({maxAbs: 0, cosine: 1, sqnrDb: null, inputs: 'synthetic', against: 'input', worst: 'y'})
    // nothing is said of decisions on inputs that were made up
    expect(fidelity).to.include({agreement: null})
    expect(fidelity?.outputs[0]).to.include({kind: 'labels', value: null, reason: 'the inputs were made up'})
    expect(output.sizeBytes).to.equal(statSync(output.path).size)
    expect(warnings.map(({code}) => code)).to.deep.equal(['SYNTHETIC_INPUT'])
  })

  it('says when the output is larger than the input', async () => {
    const larger = modelOf((build) => {
      float(build)
      build.output(
        build.op('Add', [build.graph.outputs[0], build.floats(randomFloats(4 * 500), [500, 4])], {}, {outputs: ['z']}),
      )
    })
    const {warnings} = await writeAndProve(workOf(larger, 'larger'), quantizeOptions({}), SILENT)
    expect(warnings.map(({code}) => code)).to.include('LARGER')
  })

  it('calls a model that ONNX Runtime refuses a bug of mopt, and leaves no file', async () => {
    const refused = modelOf((build) => {
      build.output(
        build.op('NoSuchOperator', [build.input('x', ['N', 16])], {}, {outputs: ['y'], domain: 'com.microsoft'}),
      )
    })
    const work = workOf(refused, 'refused')
    const error = await writeAndProve(work, quantizeOptions({}), SILENT).catch((reason) => reason)
    expect(error).to.be.instanceOf(BugError)
    expect(error.message)
      .to.match(/refuses/)
      .and.include('refused.out.onnx')
    expect(filesOf('refused')).to.deep.equal(['refused.onnx'])
  })

  it('takes inputs of other sizes when the model does not run on the usual ones', async () => {
    const halves: Write = (build) => {
      build.output(build.op('Reshape', [build.input('x', [1, 'T']), build.ints([2, 256])], {}, {outputs: ['y']}))
    }
    const work = workOf(modelOf(halves), 'halves')
    folder.write('halves.onnx', encodeModel(modelOf(halves)))
    const fallbacks = otherSizes(work.model, work.plan, {inputShapes: {}, dims: {}})
    const {fidelity, warnings} = await writeAndProve({...work, fallbacks}, quantizeOptions({}), SILENT)
    expect(fidelity?.maxAbs).to.equal(0)
    expect(warnings[0]?.message).to.equal('synthetic input: x float32[1,512]')
  })

  it('leaves no file when it is interrupted', async () => {
    const controller = new AbortController()
    const progress = (label: string) => {
      if (label === 'checking') controller.abort(new InterruptedError())
    }
    const effects = {progress, signal: controller.signal}
    const work = workOf(modelOf(float), 'interrupted')
    const error = await writeAndProve(work, quantizeOptions({}), effects).catch((reason) => reason)
    expect(error).to.be.instanceOf(InterruptedError)
    expect(filesOf('interrupted')).to.deep.equal(['interrupted.onnx'])
  })
})
