import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {RuntimeRefusedError} from '../../../src/errors.js'
import {createSession, releaseSession, runSession} from '../../../src/runtime/session/session.js'
import {ModelFolder} from '../model-folder.js'

const SETTINGS = {provider: 'cpu', threads: 1} as const

describe('RuntimeRefusedError', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  async function refusalOf(work: () => Promise<unknown>): Promise<RuntimeRefusedError['refusal']> {
    const error = await work().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(RuntimeRefusedError)
    return (error as RuntimeRefusedError).refusal
  }

  it('says which file could not be loaded, and whether for want of a kernel, whatever the file is called', async () => {
    const unknown = folder.model('not supported.onnx', (build) => {
      build.output(build.op('Unheard', [build.input('x', [2])], {}, {outputs: ['y']}))
    })
    const refusal = {path: unknown, phase: 'load', isUnimplemented: false}
    expect(await refusalOf(() => createSession(unknown, SETTINGS))).to.deep.equal(refusal)
    // no provider of the CPU convolves float64
    const precise = folder.model('precise.onnx', (build) => {
      const [x, w] = [build.input('x', [1, 1, 4, 4], 'float64'), build.input('w', [1, 1, 2, 2], 'float64')]
      build.output(build.op('Conv', [x, w], {}, {outputs: ['y']}))
    })
    expect(await refusalOf(() => createSession(precise, SETTINGS))).to.deep.equal({
      ...refusal,
      path: precise,
      isUnimplemented: true,
    })
  })

  it('says that bytes have no file', async () => {
    const refusal = await refusalOf(() => createSession(Uint8Array.of(1, 2, 3), SETTINGS))
    expect(refusal).to.include({path: undefined, phase: 'load'})
  })

  it('says which file could not be run, also one whose outputs have other names inside', async () => {
    for (const output of ['y', '__proto__']) {
      const path = folder.model(`picky-${output}.onnx`, (build) => {
        build.output(build.op('Reshape', [build.input('x', ['N']), build.ints([2])], {}, {outputs: [output]}))
      })
      const session = await createSession(path, SETTINGS)
      const run = (size: number) => runSession(session, {x: new Tensor(new Float32Array(size), [size])}, [output], 'it')
      expect(await refusalOf(() => run(3))).to.include({path, phase: 'run'})
      expect(Object.keys(await run(2))).to.deep.equal([output])
      await releaseSession(session)
    }
  })
})
