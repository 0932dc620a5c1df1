import {expect} from 'chai'
import type {InputPort} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {DataError} from '../../../src/errors.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readBatches, readValues} from '../../support/data-reading.js'

const folder = new DataFolder()
const x = port('x', 'float32', ['N', 2])
const ids = port('ids', 'int64', ['N', 'T'])
const open = (text: string, inputs: readonly InputPort[] = [x]) =>
  openData({path: folder.write('data.jsonl', text), seed: 0}, inputs)

describe('openJsonl', () => {
  after(() => folder.remove())

  it('reads an object a line, lists as rows, in any order of keys', async () => {
    const dataset = await open('{"x": [1, 2], "label": 1}\n\n{"label": 0, "x": [3, 4.5]}')
    expect(await readValues(dataset, 'x')).to.deep.equal([1, 2, 3, 4.5])
    expect([...(dataset.labels ?? [])]).to.deep.equal([1, 0])
  })

  it('reads several inputs, nested lists, booleans and UTF-8', async () => {
    const inputs = [port('image', 'float32', ['N', 1, 2]), ids, port('flag', 'bool', ['N'])]
    const dataset = await open('{"image": [[1, 2]], "ids": [7, 8], "flag": true, "text": "Größe"}\n', inputs)
    expect(await readValues(dataset, 'image')).to.deep.equal([1, 2])
    expect(await readValues(dataset, 'ids')).to.deep.equal([7, 8])
    expect(await readValues(dataset, 'flag')).to.deep.equal([1])
    expect(dataset.notes.join()).to.contain("array 'text' is ignored")
  })

  const faults: [string, string, RegExp][] = [
    ['damaged JSON', '{"x": [1, 2]}\n{"x": [1,', /line 2: expected a JSON object, got damaged JSON/],
    ['a list', '[1, 2]\n', /line 1: expected a JSON object, got a list$/],
    [
      'a missing key',
      '{"x": [1, 2]}\n\n{"y": 1}\n',
      /line 3, column 'x': expected a list of 2 as in the first row, got an empty cell$/,
    ],
    [
      'a ragged list',
      '{"x": [1, 2]}\n{"x": [1]}\n',
      /line 2, column 'x': expected 2 items as in the first row, got 1$/,
    ],
    ['null in a list', '{"x": [1, 2]}\n{"x": [1, null]}\n', /got an empty cell$/],
    ['text', '{"x": "hello"}\n', /line 1, column 'x': expected a number or a list of numbers, got 'hello'$/],
    ['an empty list', '{"x": []}\n', /got an empty list$/],
    ['nothing but blank lines', ' \n\n', /expected a JSON object on each line, got no lines$/],
  ]
  for (const [what, text, message] of faults) {
    it(`names the line of ${what}`, async () => {
      const error = await errorOf(open(text).then((dataset) => readBatches(dataset, 1)))
      expect(error).to.be.instanceOf(DataError)
      expect(error.message).to.match(message)
    })
  }
})
