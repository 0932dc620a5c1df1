import {expect} from 'chai'
import {ask, withChild} from '../../../src/runtime/child/ask.js'
import {takeChild} from '../../../src/runtime/child/spare-child.js'
import {isAlive, until} from '../model-folder.js'
import {PREPARE} from '../time-tasks.js'

const LEAVES_NOTHING = {...PREPARE, leavesNothing: true}

describe('withChild', () => {
  afterEach(async () => {
    await takeChild('tidying up').close()
  })

  async function pidOf(task: typeof PREPARE, provider: string): Promise<number | undefined> {
    return withChild(task, {provider}, 'asking', {}, async (child) => {
      await child.request(task, undefined)
      return child.pid
    })
  }

  it('asks the child that answered before when the tasks leave nothing behind', async () => {
    expect(await pidOf(LEAVES_NOTHING, 'cpu')).to.equal(await pidOf(LEAVES_NOTHING, 'cpu'))
  })

  it('starts another one for a task that leaves something, and ends it', async () => {
    const waiting = await pidOf(LEAVES_NOTHING, 'cpu')
    const own = await pidOf(PREPARE, 'cpu')
    expect(own).to.not.equal(waiting)
    await until(() => !isAlive(own))
  })

  it('starts another one for other providers than cpu', async () => {
    expect(await pidOf(LEAVES_NOTHING, 'webgpu')).to.not.equal(await pidOf(LEAVES_NOTHING, 'webgpu'))
  })

  it('ends the child when the asker fails', async () => {
    let pid: number | undefined
    const failing = withChild(LEAVES_NOTHING, {provider: 'cpu'}, 'asking', {}, async (child) => {
      pid = child.pid
      throw new Error('the asker fails')
    })
    await failing.then(
      () => expect.fail('nothing was thrown'),
      (error: Error) => expect(error.message).to.equal('the asker fails'),
    )
    await until(() => !isAlive(pid))
  })
})

describe('ask', () => {
  it('gives what the task gave and the peak of memory of its process', async () => {
    const {output, peakRssBytes} = await ask(PREPARE, undefined, 'preparing')
    expect(output).to.equal(undefined)
    expect(peakRssBytes).to.be.within(20e6, 300e6)
  })
})
