import {expect} from 'chai'
import {formatBytes, formatCount, formatPercent, formatShape} from '../../src/cli/format.js'
import {table} from '../../src/cli/table.js'

describe('format', () => {
  it('writes figures with three digits and a unit', () => {
    expect(formatBytes(1_706_386)).to.equal('1.71 MB')
    expect(formatBytes(999)).to.equal('999 B')
    expect(formatCount(426_122)).to.equal('426 k')
    expect(formatCount(12)).to.equal('12')
    expect(formatPercent(0.30001)).to.equal('30 %')
    expect([0.999996, 1, 0, 0.000004, 1.00002].map(formatPercent)).to.deep.equal([
      ...['99.9996 %', '100 %', '0 %', '0.0004 %', '100.002 %'],
    ])
  })

  it('says unknown where there is no figure', () => {
    expect([formatBytes(null), formatCount(null), formatPercent(null)]).to.deep.equal(['unknown', 'unknown', 'unknown'])
    expect(formatShape(['N', null, 3])).to.equal('[N, ?, 3]')
    expect(formatShape(null)).to.equal('[unknown rank]')
  })

  it('lines up tables without rules or colors', () => {
    const text = table(
      ['name', 'size'],
      [
        ['a', '1'],
        ['long', '1000'],
      ],
      {right: [1]},
    )
    expect(text).to.equal('name  size\na        1\nlong  1000')
  })
})
