import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {declarations, OPTIONS, RESULTS} from '../scripts/declarations.js'
import type * as Golden from './golden/index.js'

/** What users import, as it was built. */
const library = (await import('mopt-cli' as string)) as typeof Golden

const MLP = 'fixtures/models/mlp_fm.onnx'
const SCRATCH = 'tmp'

/** Runs a script inside the package, where it finds itself by its name. */
function run(name: string, code: string) {
  const path = join(SCRATCH, name)
  writeFileSync(path, code)
  const {status, stdout, stderr} = spawnSync(process.execPath, [path], {encoding: 'utf8'})
  return {status, stdout, stderr}
}

describe('the library', () => {
  before(() => mkdirSync(SCRATCH, {recursive: true}))
  after(() => rmSync(SCRATCH, {recursive: true, force: true}))

  it('has the declarations that are written down (npm run golden writes them)', () => {
    const golden = readFileSync('test/golden/index.d.ts', 'utf8')
    expect(declarations()).to.equal(golden)
    expect(readFileSync('dist/index.d.ts', 'utf8')).to.equal(golden)
  })

  it('exports what is declared, and nothing else', () => {
    const declared = [
      ...readFileSync('test/golden/index.d.ts', 'utf8').matchAll(/^export declare .*?(?:class|function) (\w+)/gm),
    ]
    expect(Object.keys(library).sort()).to.deep.equal(declared.map(([, name]) => name).sort())
  })

  it('has a JSON Schema of the options and the result of every verb', async () => {
    for (const name of [...Object.keys(OPTIONS), ...Object.keys(RESULTS)]) {
      const file = name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
      const schema = JSON.parse(readFileSync(`dist/schemas/${file}.json`, 'utf8'))
      expect(schema, file).to.include({type: 'object', additionalProperties: false})
    }
  })

  it('loads in a moment, without the runtime and without the code of the verbs', () => {
    const {status, stdout} = run(
      'import.mjs',
      `import {createRequire} from 'node:module'
      await import('mopt-cli')
      const loaded = [...process.moduleLoadList, ...Object.keys(createRequire(import.meta.url).cache)]
      console.log(loaded.filter((name) => /onnxruntime|sharp/.test(name)).length)`,
    )
    expect({status, stdout}).to.deep.equal({status: 0, stdout: '0\n'})
  })

  for (const [index, [, code = '']] of [
    ...readFileSync('docs/library.md', 'utf8').matchAll(/```js\n(.*?)```/gs),
  ].entries()) {
    it(`does what example ${index + 1} of docs/library.md says`, () => {
      const {status, stdout, stderr} = run(`example-${index}.mjs`, code)
      expect({status, stderr}).to.deep.equal({status: 0, stderr: ''})
      expect(stdout).to.not.equal('')
    })
  }

  it('prints nothing and throws what it has to say', async () => {
    const error = await library.quantize('no-such.onnx').then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.be.instanceOf(library.MoptError)
    expect(error).to.include({code: 'BAD_FILE', exitCode: 2})
    const unknown = await library.inspect(MLP, {inspect: {layer: true}} as object).catch((reason: unknown) => reason)
    expect(unknown)
      .to.have.property('message')
      .that.matches(/inspect: expected known options, got 'layer'/)
  })

  it('ends for a signal, whatever its reason', async () => {
    for (const reason of [undefined, new Error('no time'), 'enough']) {
      const error = await library.bench([MLP, MLP], {}, {signal: AbortSignal.abort(reason)}).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.instanceOf(library.MoptError)
      expect(error).to.have.property('code', 'INTERRUPTED')
    }
  })

  it('gives the documents of --json, and reads weights', async () => {
    const {model} = await library.inspect(MLP)
    const view = await library.openModel(MLP)
    try {
      expect(view.inputs[0]).to.deep.include({name: model.inputs[0]?.name, dtype: 'float32'})
      const elements = view.constants.reduce((sum, constant) => sum + constant.read().length, 0)
      expect(elements).to.equal(model.parameters.count)
    } finally {
      view.close()
    }
  })
})
