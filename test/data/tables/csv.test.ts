import {expect} from 'chai'
import type {DataSpec, InputPort} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../../support/data-reading.js'

const folder = new DataFolder()
const x = port('x', 'float32', ['N', 2])
const csv = (text: string) => folder.write('data.csv', text)
const open = (text: string, inputs: readonly InputPort[] = [x], spec: Partial<DataSpec> = {}) =>
  openData({path: csv(text), seed: 0, ...spec}, inputs)
const failure = (text: string, inputs?: readonly InputPort[], spec?: Partial<DataSpec>) =>
  errorOf(open(text, inputs, spec).then((dataset) => readBatches(dataset, 2)))

describe('openCsv', () => {
  after(() => folder.remove())

  it('feeds all columns but the labels to the only input, and says so', async () => {
    const dataset = await open('a,label,b\n1,0,2.5\n-3,1,4e1\n')
    expect(await readValues(dataset, 'x')).to.deep.equal([1, 2.5, -3, 40])
    expect([...(dataset.labels ?? [])]).to.deep.equal([0, 1])
    expect(dataset.notes).to.deep.equal([`${folder.path}/data.csv: the 2 columns a, b feed input 'x' in this order`])
  })

  it('feeds a column to each input, by name or by --map', async () => {
    const inputs = [port('age', 'float32', ['N', 1]), port('id', 'int64', ['N'])]
    const text = 'id,age,label,name\n7,30,1,Ann\n8,31,0,Bob\n'
    const dataset = await open(text, inputs)
    expect(await readValues(dataset, 'age')).to.deep.equal([30, 31])
    expect(await readValues(dataset, 'id')).to.deep.equal([7, 8])
    expect(dataset.notes.join()).to.contain("array 'name' is ignored")
    const mapped = await open(text, [port('years', 'float32', ['N']), inputs[1] as InputPort], {map: {age: 'years'}})
    expect(await readValues(mapped, 'years')).to.deep.equal([30, 31])
  })

  const lists: [string, string][] = [
    ['JSON', '"[1, 2]",0\n"[3,4]",1\n'],
    ['NumPy', '[1. 2.],0\n[3. 4.],1\n'],
    ['plain', '1 2,0\n3 4,1\n'],
  ]
  for (const [form, rows] of lists) {
    it(`reads one column of lists, ${form} style`, async () => {
      const dataset = await open(`features,label\n${rows}`)
      expect(await readValues(dataset, 'x')).to.deep.equal([1, 2, 3, 4])
      expect([...(dataset.labels ?? [])]).to.deep.equal([0, 1])
    })
  }

  it('reads nested lists', async () => {
    const dataset = await open('x\n"[[1,2],[3,4]]"\n', [port('x', 'int64', ['N', 2, 2])])
    expect(await readValues(dataset, 'x')).to.deep.equal([1, 2, 3, 4])
  })

  it('makes an image of as many columns as the input has pixels', async () => {
    const [batch] = await readBatches(
      await open('label,p0,p1,p2,p3\n1,0,51,102,255\n', [port('x', 'float32', ['N', 1, 2, 2])]),
      1,
    )
    expect(batch?.inputs.x?.shape).to.deep.equal([1, 1, 2, 2])
  })

  it('takes semicolons, tabs, quotes, a byte order mark, blank lines, and CR LF', async () => {
    const semicolons = await open('\uFEFF"a";"b, c"\r\n1;2\r\n\r\n3;4\r\n')
    expect(await readValues(semicolons, 'x')).to.deep.equal([1, 2, 3, 4])
    expect(await readValues(await open('a\tb\n1\t2'), 'x')).to.deep.equal([1, 2])
    expect(await readValues(await open('"a ""1""",b\n"1","2"\n'), 'x')).to.deep.equal([1, 2])
  })

  it('leaves out columns without a name: the row numbers of pandas', async () => {
    expect(await readValues(await open(',a,b\n0,5,6\n1,7,8\n'), 'x')).to.deep.equal([5, 6, 7, 8])
    expect(await readValues(await open('Unnamed: 0,a,b\n0,5,6\n'), 'x')).to.deep.equal([5, 6])
  })

  it('takes labels from the column that --label-column names, and refuses one that is not there', async () => {
    const dataset = await open('a,b,class\n1,2,3\n', [x], {labelColumn: 'class'})
    expect([...(dataset.labels ?? [])]).to.deep.equal([3])
    expect((await failure('a,b\n1,2\n', [x], {labelColumn: 'c'})).message).to.contain('--label-column: expected one of')
  })

  it('keeps rows and labels together when shuffled, whatever the batch', async () => {
    const rows = Array.from({length: 3000}, (_, i) => `${i},${2 * i},${i}`)
    const dataset = await open(`a,b,label\n${rows.join('\n')}`, [x], {shuffle: true, limit: 2500})
    const values = await readValues(dataset, 'x', 2100)
    expect(values.filter((_, i) => i % 2 === 0)).to.deep.equal([...(dataset.labels ?? [])])
    expect(values[0]).not.to.equal(0)
  })

  const faults: [string, string, RegExp][] = [
    [
      'an empty cell',
      'a,b\n1,2\n3,\n',
      /data\.csv, line 3, column 'b': expected a number or a list of numbers, got an empty cell$/,
    ],
    ['text', 'a,b\n1,2\n3,four\n', /line 3, column 'b': expected a number or a list of numbers, got 'four'$/],
    ['too many cells', 'a,b\n1,2\n\n3,4,5\n', /line 4: expected 2 cells as in the header, got 3$/],
    ['too few cells', 'a,b\n1\n', /line 2: expected 2 cells as in the header, got 1$/],
    ['a quote that is never closed', 'a,b\n1,"2\n', /line 2: expected csv, got a quote that is never closed$/],
    [
      'a quote in the middle of a cell',
      'a,b\n1,2\n3"4,5\n',
      /line 3: expected csv, got a quote inside a cell without quotes$/,
    ],
    ['text behind a quote', 'a,b\n"1"2,3\n', /line 2: expected csv, got text behind a closing quote$/],
    ['nothing but blank lines', '\n\n', /expected a header line, got none$/],
    ['no header', '1,2\n3,4\n', /line 1: expected a header with the names of the columns, got numbers$/],
    ['a header alone', 'a,b\n', /expected rows below the header, got none$/],
    ['a column twice', 'a,a\n1,2\n', /expected each column once, got 'a' twice$/],
    ['a column of text', 'a,b\nx,2\n', /line 2, column 'a': expected a number or a list of numbers, got 'x'$/],
    ['NaN', 'a,b\n1,2\nnan,2\n', /array 'a\.\.b', line 3 of .*data\.csv: expected finite numbers, got NaN$/],
    ['lists of several lengths', 'x\n1 2\n1 2 3\n', /line 3, column 'x': expected 2 items as in the first row, got 3$/],
    ['integers beyond 2^53', 'a,b\n1,2\n9007199254740993,2\n', /got '9007199254740993'$/],
    [
      'the wrong number of columns',
      'a,b,c\n1,2,3\n',
      /array 'a\.\.c' for input 'x': expected \[N, 2\] float32, got \[1, 3\]/,
    ],
    ['labels in words', 'a,b,label\n1,2,cat\n', /column 'label': expected a number or a list of numbers, got 'cat'$/],
  ]
  for (const [what, text, message] of faults) {
    it(`names the line of ${what}`, async () => {
      const error = await failure(text)
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.match(message)
    })
  }

  it('counts lines inside quotes', async () => {
    const error = await failure('note,x\n"two\nlines",1 2\nb,oops\n', [x], {map: {x: 'x'}})
    expect(error.message).to.contain('line 4, column')
  })
})
