import {expect} from 'chai'
import {type InferenceSession, Tensor} from 'onnxruntime-node'
import {halvedFeeds} from '../../../src/runtime/inputs/halved-feeds.js'

describe('halvedFeeds', () => {
  const session = (types: Record<string, string>) =>
    ({
      inputMetadata: Object.entries(types).map(([name, type]) => ({name, isTensor: true, type, shape: []})),
    }) as unknown as InferenceSession
  const x = new Tensor('float32', Float32Array.of(1, -2), [2])

  it('rounds what the model takes in float16, and nothing else', () => {
    const feeds = {x, ids: new Tensor('int64', BigInt64Array.of(5n), [1])}
    const halved = halvedFeeds(session({x: 'float16', ids: 'int64'}), feeds)
    expect(halved.x?.type).to.equal('float16')
    // 1 and -2 in IEEE binary16
    expect([...new Uint16Array(((halved.x as Tensor).data as Uint16Array).buffer)]).to.deep.equal([0x3c00, 0xc000])
    expect(halved.x?.dims).to.deep.equal([2])
    expect(halved.ids).to.equal(feeds.ids)
  })

  it('hands feeds on as they are where no input is narrower, or none is fed', () => {
    expect(halvedFeeds(session({x: 'float32'}), {x})).to.deep.equal({x})
    const none = {}
    expect(halvedFeeds(session({constructor: 'float16'}), none)).to.equal(none)
  })
})
