import {expect} from 'chai'
import {broadcastShape, channelLayout, forEachRun} from '../../../../src/passes/quantize/numbers/channel-layout.js'

describe('channelLayout', () => {
  it('splits a shape at an axis, counted from either end', () => {
    expect(channelLayout([4, 3, 2, 2], 0)).to.deep.equal({outer: 1, channels: 4, inner: 12})
    expect(channelLayout([4, 3, 2, 2], 1)).to.deep.equal({outer: 4, channels: 3, inner: 4})
    expect(channelLayout([4, 3, 5], -1)).to.deep.equal({outer: 12, channels: 5, inner: 1})
  })

  it('takes rows of the last axis, or everything as one channel', () => {
    expect(channelLayout([2, 3, 5], 'rows')).to.deep.equal({outer: 1, channels: 6, inner: 5})
    expect(channelLayout([2, 3], undefined)).to.deep.equal({outer: 1, channels: 1, inner: 6})
    expect(channelLayout([], 0)).to.deep.equal({outer: 1, channels: 1, inner: 1})
  })
})

describe('forEachRun', () => {
  it('visits every element once, in storage order, with its channel', () => {
    const channelOf = new Array<number>(12)
    const layout = channelLayout([2, 3, 2], 1)
    forEachRun(layout, (start, channel) => channelOf.fill(channel, start, start + layout.inner))
    expect(channelOf).to.deep.equal([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2])
  })
})

describe('broadcastShape', () => {
  it('gives the shape in which one scale per channel stretches over the tensor', () => {
    expect(broadcastShape([4, 3, 2, 2], 0)).to.deep.equal([4, 1, 1, 1])
    expect(broadcastShape([4, 3], -1)).to.deep.equal([3])
    expect(broadcastShape([2, 3, 5], 'rows')).to.deep.equal([2, 3, 1])
    expect(broadcastShape([2, 3], undefined)).to.deep.equal([])
  })
})
