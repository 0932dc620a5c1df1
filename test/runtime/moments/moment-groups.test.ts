import {expect} from 'chai'
import {momentGroups} from '../../../src/runtime/moments/moment-groups.js'

const groupsOf = (...channels: number[]) =>
  momentGroups(channels.map((count, i) => ({key: `t${i}`, tensor: `t${i}`, channels: count}))).map((group) =>
    group.map((tensor) => tensor.channels),
  )

describe('momentGroups', () => {
  it('keeps the matrices of one pass within 256 MB of float64', () => {
    expect(groupsOf(4096, 4096)).to.deep.equal([[4096, 4096]])
    expect(groupsOf(4096, 4096, 1)).to.deep.equal([[4096, 4096], [1]])
    expect(groupsOf(4096, 64, 4096, 64)).to.deep.equal([
      [4096, 64],
      [4096, 64],
    ])
    expect(groupsOf(...Array<number>(100).fill(512))).to.deep.equal([Array<number>(100).fill(512)])
  })

  it('gives what is too big alone a pass of its own, and nothing none', () => {
    expect(groupsOf(64, 11008, 64)).to.deep.equal([[64], [11008], [64]])
    expect(groupsOf()).to.deep.equal([])
  })
})
