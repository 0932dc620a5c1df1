import {spawn} from 'node:child_process'
import {expect} from 'chai'
import {InterruptedError} from '../../../src/errors.js'
import {type RuntimeChild, startChild} from '../../../src/runtime/child/start-child.js'
import {errorOf} from '../../support/data-reading.js'
import {CPU, isAlive, ModelFolder, normalInput, until} from '../model-folder.js'
import {LOAD, PREPARE, TIME_BLOCK} from '../time-tasks.js'

describe('startChild', () => {
  const folder = new ModelFolder()
  const endless = folder.endless('endless.onnx')
  const forever = {budgetMs: 1, maxRuns: 1, skip: 0}
  let child: RuntimeChild | undefined

  afterEach(() => child?.close())
  after(() => folder.remove())

  async function loaded(control: Parameters<typeof startChild>[1] = {}): Promise<RuntimeChild> {
    child = startChild('running endless.onnx', control)
    await child.request(LOAD, {path: endless, settings: CPU, source: normalInput([1]), batch: 1})
    return child
  }

  it('kills a child that gives no sign of life, and says so', async () => {
    const control = {silenceLimitMs: 300_000}
    const hanging = await loaded(control)
    // loading may take its time on a busy machine
    control.silenceLimitMs = 1000

    const error = await errorOf(hanging.request(TIME_BLOCK, forever))

    expect(error.code).to.equal('MACHINE_FAILED')
    expect(error.message).to.equal('running endless.onnx: no sign of life for 1 s, the process was killed')
    await until(() => !isAlive(hanging.pid))
  })

  it('kills the child and rejects with the interruption when the signal is aborted in the middle of a run', async () => {
    const controller = new AbortController()
    const hanging = await loaded({signal: controller.signal})
    const promise = hanging.request(TIME_BLOCK, forever)
    setTimeout(() => controller.abort(new InterruptedError('SIGTERM')), 50)

    const error = await errorOf(promise)

    expect(error).to.be.instanceOf(InterruptedError)
    expect(error.exitCode).to.equal(143)
    await until(() => !isAlive(hanging.pid))
  })

  it('starts nothing when the signal is aborted already', () => {
    expect(() => startChild('running', {signal: AbortSignal.abort()})).to.throw(InterruptedError)
  })

  it('turns a segmentation fault of the child into a machine error, and answers nothing more', async () => {
    const hanging = await loaded()
    const promise = hanging.request(TIME_BLOCK, forever)
    setTimeout(() => process.kill(hanging.pid ?? 0, 'SIGSEGV'), 50)

    const error = await errorOf(promise)

    expect(error.message).to.equal('running endless.onnx: ONNX Runtime crashed (SIGSEGV)')
    expect(error.exitCode).to.equal(5)
    expect((await errorOf(hanging.request(PREPARE, undefined))).message).to.equal(error.message)
  })

  it('leaves Ctrl-C to the parent: SIGINT does not end the child', async () => {
    const waiting = await loaded()

    process.kill(waiting.pid ?? 0, 'SIGINT')

    expect((await waiting.request(PREPARE, undefined)).peakRssBytes).to.be.greaterThan(0)
  })

  for (const [ending, signal] of [
    ['exits', undefined],
    ['is killed', 'SIGKILL'],
  ] as const) {
    it(`leaves no orphan when the parent ${ending}`, async () => {
      const parent = spawn(process.execPath, ['--import', 'tsx', 'test/runtime/parent-process.ts'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
      expect(isAlive(pid)).to.equal(true)

      if (signal) parent.kill(signal)
      else parent.stdin.end()

      await until(() => !isAlive(pid))
    })
  }
})
