import {expect} from 'chai'
import {giveBack, takeChild} from '../../../src/runtime/child/spare-child.js'
import {PREPARE, TIME_BLOCK} from '../time-tasks.js'

describe('spare child', () => {
  afterEach(async () => {
    await takeChild('tidying up').close()
  })

  it('answers the next asker too', async () => {
    const first = takeChild('a first question')
    await first.request(PREPARE, undefined)
    await giveBack(first)
    const second = takeChild('a second question')
    await second.request(PREPARE, undefined)
    expect(second.pid).to.equal(first.pid)
    await second.close()
  })

  it('is another process while it works for somebody', async () => {
    const [first, second] = [takeChild('a question'), takeChild('another')]
    await Promise.all([first.request(PREPARE, undefined), second.request(PREPARE, undefined)])
    expect(second.pid).to.not.equal(first.pid)
    await Promise.all([giveBack(first), giveBack(second)])
  })

  it('does not wait once it has failed', async () => {
    const first = takeChild('a question')
    await first.request(TIME_BLOCK, {budgetMs: 1, maxRuns: 1, skip: 0}).then(
      () => expect.fail('a block without a model was timed'),
      () => giveBack(first),
    )
    const second = takeChild('another')
    expect(second.pid).to.not.equal(first.pid)
    await second.close()
  })

  it('serves nobody who looks at another environment', async () => {
    const first = takeChild('a question')
    await first.request(PREPARE, undefined)
    await giveBack(first)
    process.env.MOPT_TEST_SURROUNDINGS = 'other'
    try {
      const second = takeChild('another')
      expect(second.pid).to.not.equal(first.pid)
      await second.close()
    } finally {
      delete process.env.MOPT_TEST_SURROUNDINGS
    }
  })

  it('stops for the signal of its asker, not for that of the one before', async () => {
    const [before, now] = [new AbortController(), new AbortController()]
    const first = takeChild('a question', {signal: before.signal})
    await first.request(PREPARE, undefined)
    await giveBack(first)
    const second = takeChild('another', {signal: now.signal})
    before.abort()
    await second.request(PREPARE, undefined)
    now.abort()
    const error = await second.request(PREPARE, undefined).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.have.property('code', 'INTERRUPTED')
    await second.close()
  })

  it('reports the memory of its own question', async () => {
    const first = takeChild('a question')
    await first.request(PREPARE, undefined)
    await giveBack(first)
    const second = takeChild('another')
    const {peakRssBytes} = await second.request(PREPARE, undefined)
    expect(peakRssBytes).to.be.within(20e6, 300e6)
    await second.close()
  })
})
