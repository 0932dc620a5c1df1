import {expect} from 'chai'
import type {InferenceSession} from 'onnxruntime-node'
import {isFree, isSpeakable} from '../../../src/runtime/session/speakable-names.js'

describe('isFree and isSpeakable', () => {
  it('are not so for names that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(isFree(name), name).to.equal(false)
    for (const name of ['y', '', 'Constructor', 'prototype', '0']) expect(isFree(name), name).to.equal(true)
    const session = (...outputNames: string[]) => ({outputNames}) as unknown as InferenceSession
    expect(isSpeakable(session('y', 'z'))).to.equal(true)
    expect(isSpeakable(session('y', 'valueOf'))).to.equal(false)
    expect(isSpeakable(session())).to.equal(true)
  })
})
