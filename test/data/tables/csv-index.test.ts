import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {indexCsv} from '../../../src/data/tables/csv-index.js'
import {DataError} from '../../../src/errors.js'
import {withTempFolder} from '../../../src/io/with-temp-folder.js'

/** The rows that the index tells, as text, and the lines they begin on. */
function rowsOf(text: string, separator = ','): Promise<{rows: string[]; lines: number[]}> {
  return withTempFolder(async (folder) => {
    const path = join(folder, 'x.csv')
    writeFileSync(path, text)
    const {starts, ends, lines} = await indexCsv(path, separator)
    const bytes = Buffer.from(text)
    return {rows: starts.map((start, row) => bytes.toString('utf8', start, ends[row]).trimEnd()), lines}
  })
}

async function refusal(text: string): Promise<string> {
  const error = await rowsOf(text).catch((caught: unknown) => caught)
  expect(error).to.be.instanceOf(DataError)
  return (error as DataError).message
}

describe('indexCsv', () => {
  it('finds rows with either end of line, a byte order mark, and no end at all', async () => {
    expect(await rowsOf('\uFEFFa,b\r\n1,2\n3,4')).to.deep.equal({rows: ['a,b', '1,2', '3,4'], lines: [1, 2, 3]})
    expect((await rowsOf('')).rows).to.deep.equal([])
  })

  it('leaves out blank lines, and counts them', async () => {
    expect(await rowsOf('a,b\n\n\r\n1,2\n\n')).to.deep.equal({rows: ['a,b', '1,2'], lines: [1, 4]})
  })

  it('keeps separators, ends of lines and doubled quotes inside quotes', async () => {
    const {rows, lines} = await rowsOf('a,b\n"1,\n2","say ""hi"""\n3,4\n')
    expect(rows).to.deep.equal(['a,b', '"1,\n2","say ""hi"""', '3,4'])
    expect(lines).to.deep.equal([1, 2, 4])
  })

  it('counts cells by the separator it is told', async () => {
    expect((await rowsOf('a;b\n1,5;2\n', ';')).rows).to.deep.equal(['a;b', '1,5;2'])
  })

  it('refuses rows with another number of cells, and quotes that are none', async () => {
    expect(await refusal('a,b\n1,2,3\n')).to.match(/line 2: expected 2 cells as in the header, got 3$/)
    expect(await refusal('a,b\n1,2"\n')).to.match(/line 2: expected csv, got a quote inside a cell without quotes$/)
    expect(await refusal('a,b\n"1"x,2\n')).to.match(/line 2: expected csv, got text behind a closing quote$/)
    expect(await refusal('a,b\n1,"2\n3\n')).to.match(/line 2: expected csv, got a quote that is never closed$/)
  })
})
