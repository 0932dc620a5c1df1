import {expect} from 'chai'
import {table} from '../../src/cli/table.js'

describe('table', () => {
  it('aligns columns, numbers to the right, without spaces at the ends of lines', () => {
    const text = table(
      ['name', 'nodes'],
      [
        ['Conv', '5'],
        ['Relu6', '12'],
      ],
      {right: [1]},
    )
    expect(text.split('\n')).to.deep.equal(['name   nodes', 'Conv       5', 'Relu6     12'])
  })

  it('leaves an empty head out', () => {
    expect(table(['', ''], [['a', 'b']])).to.equal('a  b')
    expect(table(['', ''], [])).to.equal('')
  })

  it('shows what would move the cursor instead of sending it to the terminal', () => {
    const text = table(['', ''], [['\u001b[2Jx', 'y']])
    expect(text).not.to.contain('\u001b')
    expect(text).to.match(/x\s+y$/)
  })
})
