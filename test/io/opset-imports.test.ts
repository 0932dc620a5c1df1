import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession} from 'onnxruntime-node'
import {openModel} from '../../src/io/open-model.js'
import {MAX_OPSET} from '../../src/ir/newest-opset.js'
import {simplify} from '../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../support/data-folder.js'
import {foreignModel, port, readForeign} from '../support/foreign-model.js'
import {SILENT, simplifyOptions} from '../support/pipeline-options.js'

type Imports = {domain: string; version: bigint}[]

const call = (opType: string, domain = '') => ({opType, domain, input: ['x'], output: ['y']})
const relu = call('Relu')
/** The form of Clip until opset 10. */
const oldClip = {...call('Clip'), attribute: [{name: 'min', type: 1, f: 0}]}

describe('opsetImports', function () {
  this.timeout(60_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  function write(node: object, opsetImport: Imports, more: object = {}): string {
    const graph = {name: 'g', input: [port('x', 2)], output: [port('y', 2)], node: [node]}
    return folder.write('model.onnx', foreignModel(graph, {opsetImport, ...more}))
  }

  async function read(path: string) {
    const {model, close} = await openModel(path)
    close()
    return model
  }

  const simplified = (path: string) =>
    simplify(path, simplifyOptions({force: true, output: join(folder.path, 'out.onnx')}), SILENT)

  it('takes the opset that ONNX Runtime takes where the file names none of ai.onnx', async () => {
    const path = write(relu, [{domain: 'com.microsoft', version: 1n}])
    const saved = join(folder.path, 'saved.onnx')
    const options = {optimizedModelFilePath: saved, graphOptimizationLevel: 'disabled', logSeverityLevel: 4} as const
    await (await InferenceSession.create(path, options)).release()
    const assumed = readForeign(readFileSync(saved)).opsetImport.find(({domain}) => domain === '')?.version
    expect((await read(path)).opsets.get(''))
      .to.equal(Number(assumed))
      .and.to.equal(MAX_OPSET)
  })

  it('simplifies such a file, says so, and names the opset in what it writes', async () => {
    const path = 'fixtures/cases/no-default-domain/model.onnx'
    const result = await simplified(path)
    expect(result.fidelity?.maxAbs).to.equal(0)
    expect(result.warnings.map(({code}) => code)).to.include('OPSET_ASSUMED')
    const imports = readForeign(readFileSync(result.output.path)).opsetImport
    expect(imports.map(({domain, version}) => `${domain}:${version}`)).to.include(`:${MAX_OPSET}`)
  })

  for (const [what, order] of Object.entries({last: [17n, 6n], first: [6n, 17n]})) {
    it(`lets the last of two imports hold, as ONNX Runtime does: the old one ${what}`, async () => {
      const path = write(
        oldClip,
        order.map((version, index) => ({domain: ['', 'ai.onnx'][index] ?? '', version})),
      )
      const loads = await InferenceSession.create(path, {logSeverityLevel: 4}).then(
        () => true,
        () => false,
      )
      const model = await read(path)
      expect(model.opsets.get('')).to.equal(Number(order[1]))
      expect(loads).to.equal(order[1] === 6n)
      expect(model.warnings.map(({code}) => code)).to.deep.equal(['TWO_OPSETS'])
    })
  }

  it('needs no import of the domains that ONNX Runtime knows', async () => {
    const result = await simplified(write(call('Gelu', 'com.microsoft'), [{domain: '', version: 17n}]))
    expect(result.fidelity?.maxAbs).to.equal(0)
    expect(result.warnings.map(({code}) => code)).not.to.include('MISSING_IMPORT')
  })

  it('refuses to change a model with a domain that nobody imports, and says which; such a model can be looked at', async () => {
    const path = write(call('Foo', 'my.ops'), [{domain: '', version: 17n}])
    expect((await read(path)).warnings.map(({code}) => code)).to.deep.equal(['MISSING_IMPORT'])
    const error = await simplified(path).catch((cause) => cause)
    expect(error.exitCode).to.equal(2)
    expect(error.message).to.include("an opset of its domain 'my.ops'")
  })

  it('takes no opset of the model for those that a function does not import', async () => {
    const body = {
      name: 'F',
      domain: 'my',
      input: ['a'],
      output: ['b'],
      node: [{opType: 'Relu', input: ['a'], output: ['b']}],
    }
    const imports = [
      {domain: '', version: 17n},
      {domain: 'my', version: 1n},
    ]
    const error = await simplified(write(call('F', 'my'), imports, {functions: [body]})).catch((cause) => cause)
    expect(error.exitCode).to.equal(2)
    expect(error.message).to.include("function 'F': expected it to import an opset of ai.onnx, which its Relu")
  })
})
