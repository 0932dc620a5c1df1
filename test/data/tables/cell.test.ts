import {expect} from 'chai'
import {CellFault, cellShape, parseCell, writeCell} from '../../../src/data/tables/cell.js'

describe('parseCell', () => {
  it('reads numbers, decisions, and the missing', () => {
    expect([' 1.5 ', '-2e3', '.5', '7.', 'True', 'false', ''].map(parseCell)).to.deep.equal([
      1.5,
      -2000,
      0.5,
      7,
      1,
      0,
      null,
    ])
    for (const text of ['nan', 'NaN', '-inf', 'Infinity']) expect(parseCell(text), text).to.be.NaN
  })

  it('reads lists as JSON, NumPy and plain text write them', () => {
    expect(parseCell('[[1, 2], [3, 4]]')).to.deep.equal([
      [1, 2],
      [3, 4],
    ])
    for (const text of ['[1. 2.]', '1 2', '1;2', '1, 2', '[1 2]']) expect(parseCell(text), text).to.deep.equal([1, 2])
  })

  it('leaves text and what is not exact as text', () => {
    for (const text of ['cat', '0x10', '1 cat', '12345678901234567890', '1e', '--1', '[1, 2', '1 2]', '__proto__'])
      expect(parseCell(text), text).to.equal(text)
  })
})

describe('cellShape', () => {
  it('goes by the first items', () => {
    expect([5, [1, 2], [[1], [2]], Float32Array.of(1, 2, 3)].map(cellShape)).to.deep.equal([[], [2], [2, 1], [3]])
  })

  it('refuses text, nothing and empty lists', () => {
    expect(() => cellShape('cat')).to.throw(CellFault, "got 'cat'")
    expect(() => cellShape(null)).to.throw(CellFault, 'an empty cell')
    expect(() => cellShape([])).to.throw(CellFault, 'an empty list')
    expect(() => cellShape([{}])).to.throw(CellFault, 'an object')
    expect(() => cellShape('x'.repeat(100))).to.throw(CellFault, `'${'x'.repeat(40)}…'`)
  })
})

describe('writeCell', () => {
  it('writes row by row from where it is told', () => {
    const out = new Float64Array(6).fill(9)
    writeCell(
      [
        [1, 2n],
        [true, 4],
      ],
      [2, 2],
      out,
      1,
    )
    expect(out).to.deep.equal(Float64Array.of(9, 1, 2, 1, 4, 9))
  })

  it('refuses another shape than the first row has, and integers that are not exact', () => {
    const out = new Float64Array(4)
    expect(() => writeCell([1, 2, 3], [2], out, 0)).to.throw(CellFault, 'expected 2 items as in the first row, got 3')
    expect(() => writeCell(1, [2], out, 0)).to.throw(CellFault, 'expected a list of 2')
    expect(() => writeCell([1], [], out, 0)).to.throw(CellFault, 'a list of 1')
    expect(() => writeCell(2n ** 60n, [], out, 0)).to.throw(CellFault, 'integers up to 2^53')
  })
})
