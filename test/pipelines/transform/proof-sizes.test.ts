import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {simplify} from '../../../src/pipelines/simplify/simplify.js'
import {proofSizes} from '../../../src/pipelines/transform/proof-sizes.js'
import {DataFolder} from '../../support/data-folder.js'
import {modelOf, type Write} from '../../support/pass-trial.js'
import {SILENT, simplifyOptions} from '../../support/pipeline-options.js'

/** Two signals that only run at equal lengths, and only at multiples of 48 in a way that no inference sees. */
const signals: Write = (build) => {
  const [a, b] = [build.input('a', ['N', undefined]), build.input('b', ['N', undefined])]
  const frames = build.op('Reshape', [build.op('Add', [build.op('Identity', [a]), b]), build.ints([-1, 48])])
  build.output(build.op('ReduceSum', [frames], {}, {outputs: ['y']}))
}

describe('proofSizes', function () {
  this.timeout(60_000)
  const folder = new DataFolder()
  after(() => folder.remove())
  const plansOf = (options: Partial<Parameters<typeof proofSizes>[1]>) => {
    const model = modelOf(signals)
    inferModel(model)
    return proofSizes(model, {inputShapes: {}, dims: {}, ...options})
  }

  it('takes the shapes it is given, and no others', () => {
    const {plan, variants, fallbacks} = plansOf({checkShapes: {a: [1, 96], b: [1, 96]}})
    expect(plan.map(({shape}) => shape)).to.deep.equal([
      [1, 96],
      [1, 96],
    ])
    expect([variants, fallbacks]).to.deep.equal([[], []])
  })

  it('refuses names and shapes that are not the model’s, and what other flags fix', () => {
    expect(() => plansOf({checkShapes: {c: [1, 96]}})).to.throw(
      UsageError,
      '--check-shape c: the model has no such input',
    )
    expect(() => plansOf({checkShapes: {a: [96]}})).to.throw(
      UsageError,
      '--check-shape a=96: expected a shape that fits',
    )
    const both = {checkShapes: {a: [1, 96]}, inputShapes: {a: [1, 48]}}
    expect(() => plansOf(both)).to.throw(UsageError, 'expected the shape that --input-shape fixes, [1,48]')
  })

  it('proves a model at sizes that its equations allow, and leaves them free in the file', async () => {
    const path = folder.write('signals.onnx', encodeModel(modelOf(signals)))
    const shapes = async (output: string) => {
      const {model, close} = await openModel(output)
      close()
      return model.graph.inputs.map(({type}) => (type?.kind === 'tensor' ? type.shape?.[1] : null))
    }
    const found = await simplify(path, simplifyOptions({output: join(folder.path, 'found.onnx')}), SILENT)
    expect(found.warnings.map(({message}) => message).join()).to.match(
      /synthetic input: a float32\[1,(\d+)\], b float32\[1,\1\]/,
    )
    const checkShapes = {a: [1, 480], b: [1, 480]}
    const told = await simplify(path, simplifyOptions({output: join(folder.path, 'told.onnx'), checkShapes}), SILENT)
    expect(told.warnings.map(({message}) => message)).to.include('synthetic input: a float32[1,480], b float32[1,480]')
    expect(existsSync(told.output.path)).to.equal(true)
    expect(await shapes(told.output.path)).to.deep.equal([undefined, undefined])
  })
})
