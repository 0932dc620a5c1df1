import {expect} from 'chai'
import {type Block, heading, list, paragraph, section, table} from '../../src/report/document.js'
import {markdown} from '../../src/report/markdown.js'

describe('markdown', () => {
  const textOf = (...blocks: Block[]) => markdown({title: 'Title', blocks}, () => 'a picture.svg')

  it('sets every kind of block, an empty line between two', () => {
    const lines = section('Part', [paragraph('Words.'), heading('Of it', 3), ...list(['one', 'two'])])
    const picture = {kind: 'picture', text: 'what is seen', drawing: {kind: 'curves', panels: [], xLabel: 'x'}} as const
    expect(textOf(...lines, {kind: 'command', line: 'mopt doctor'}, picture)).to.equal(
      '# Title\n\n## Part\n\nWords.\n\n### Of it\n\n- one\n- two\n\n```sh\nmopt doctor\n```\n\n![what is seen](a%20picture.svg)\n',
    )
  })

  it('leaves out lists and sections with nothing in them', () => {
    expect(textOf(...list([]), ...section('Part', []))).to.equal('# Title\n')
  })

  it('aligns columns of numbers, folds long tables, and lets cells hold any text', () => {
    const content = {head: ['a', 'b'], rows: [['x|y\nz', '1']]}
    expect(textOf(table(content))).to.match(/\| a +\| b \|\n\| -+ \| - \|\n\| x\\\|y z \| 1 \|/)
    expect(textOf(table({...content, right: [1]}))).to.match(/\| :-+ \| -: \|/)
    expect(textOf(table(content, '9 rows'))).to.match(
      /<details>\n<summary>9 rows<\/summary>\n\n\| a [\s\S]*\|\n\n<\/details>/,
    )
  })
})
