import {expect} from 'chai'
import {type Block, heading, list, paragraph, picturesOf, section, table} from '../../src/report/document.js'

describe('section and list', () => {
  it('are nothing where there is nothing', () => {
    expect(section('Part', [])).to.deep.equal([])
    expect(list([])).to.deep.equal([])
    expect(section('Part', list([]))).to.deep.equal([])
  })

  it('put a heading above what is below it', () => {
    const words = paragraph('Words.')
    expect(section('Part', [words])).to.deep.equal([{kind: 'heading', text: 'Part', level: 2}, words])
    expect(heading('Of it', 3)).to.deep.include({level: 3})
  })
})

describe('picturesOf', () => {
  it('finds the pictures among other blocks, in order', () => {
    const picture = (text: string) =>
      ({kind: 'picture', text, drawing: {kind: 'curves', panels: [], xLabel: 'x'}}) as const
    const blocks: Block[] = [picture('a'), table({head: ['h'], rows: []}), picture('b')]
    expect(picturesOf({title: 't', blocks}).map(({text}) => text)).to.deep.equal(['a', 'b'])
    expect(picturesOf({title: 't', blocks: []})).to.deep.equal([])
  })
})
