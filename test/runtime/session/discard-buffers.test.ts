import {expect} from 'chai'
import {discardBuffers} from '../../../src/runtime/session/discard-buffers.js'

const BYTES = 8 * 2 ** 20
const ROUNDS = 100

describe('discardBuffers', () => {
  it('empties buffers and the views of them', () => {
    const view = Float32Array.of(1, 2, 3)
    discardBuffers([view.buffer])
    expect(view).to.have.length(0)
  })

  it('keeps memory from piling up', () => {
    const before = process.memoryUsage().arrayBuffers
    for (let round = 0; round < ROUNDS; round++) discardBuffers([new ArrayBuffer(BYTES)])
    expect(process.memoryUsage().arrayBuffers - before).to.be.below((ROUNDS / 2) * BYTES)
  })
})
