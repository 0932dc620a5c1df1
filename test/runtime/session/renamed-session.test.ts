import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {createSession, runSession} from '../../../src/runtime/session/session.js'
import {ModelFolder} from '../model-folder.js'

const SETTINGS = {provider: 'cpu', threads: 1} as const
const OUTPUTS = ['__proto__', 'constructor', 'plain']

/** Of 3 and -2, negated, made positive, clamped. */
const EXPECTED = new Map([
  ['__proto__', [-3, 2]],
  ['constructor', [3, 2]],
  ['plain', [3, 0]],
])

describe('createSession, for outputs that a plain object cannot be asked for', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  it('gives them under their own names, all or some', async () => {
    const path = folder.model('hostile.onnx', (build) => {
      const x = build.input('toString', [2])
      const opTypes = ['Neg', 'Abs', 'Relu']
      OUTPUTS.forEach((name, index) => {
        build.output(build.op(opTypes[index] as string, [x], {}, {outputs: [name]}))
      })
    })
    const session = await createSession(path, SETTINGS)
    expect(session.outputNames).to.deep.equal(OUTPUTS)
    expect(session.outputMetadata.map(({name}) => name)).to.deep.equal(OUTPUTS)
    const feeds = Object.fromEntries([['toString', new Tensor('float32', Float32Array.of(3, -2), [2])]])
    for (const names of [OUTPUTS, ['plain'], ['__proto__']]) {
      const results = await runSession(session, feeds, names, path)
      expect(Object.keys(results).sort()).to.deep.equal([...names].sort())
      for (const name of names) {
        expect(Array.from(results[name]?.data as Float32Array)).to.deep.equal(EXPECTED.get(name))
      }
    }
    await session.release()
  })
})
