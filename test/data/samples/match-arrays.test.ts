import {expect} from 'chai'
import {matchArrays} from '../../../src/data/samples/match-arrays.js'
import {memoryArray} from '../../../src/data/samples/memory-array.js'
import {DataError} from '../../../src/errors.js'

const array = (name: string) => memoryArray({name, where: name, dtype: 'float32', shape: [2]}, new Float32Array(2))
const port = (name: string) => ({name, dtype: 'float32', shape: ['N']}) as const

function dataOf(names: readonly string[], broken: readonly string[] = []) {
  const unreadable = new Map(broken.map((name) => [name, new DataError(`${name} is text`)]))
  return {path: 'x.npz', arrays: names.map(array), unreadable}
}

const matched = (...parts: Parameters<typeof matchArrays>) => {
  const {inputs, labels, notes} = matchArrays(...parts)
  return {inputs: inputs.map(({input, array: {name}}) => [input.name, name]), labels: labels?.name, notes: notes.length}
}

describe('matchArrays', () => {
  it('takes arrays by the names of the inputs, and the labels by theirs', () => {
    expect(matched(dataOf(['b', 'a', 'y', 'labels']), [port('a'), port('b')], {})).to.deep.equal({
      inputs: [
        ['a', 'a'],
        ['b', 'b'],
      ],
      labels: 'labels',
      notes: 1,
    })
  })

  it('takes the only array that is no label for the only input, whatever its name', () => {
    expect(matched(dataOf(['arr_0', 'label']), [port('x')], {})).to.include({labels: 'label'})
    expect(() => matchArrays(dataOf(['arr_0', 'arr_1']), [port('x')], {})).to.throw(DataError, "named 'x'")
  })

  it('follows the map, even to names of the language', () => {
    const data = dataOf(['__proto__', 'constructor'])
    const map = Object.fromEntries([['__proto__', 'x']])
    expect(matched(data, [port('x'), port('constructor')], map).inputs).to.deep.equal([
      ['x', '__proto__'],
      ['constructor', 'constructor'],
    ])
    expect(() => matchArrays(dataOf(['a']), [port('toString'), port('a')], {})).to.throw(DataError, "named 'toString'")
  })

  it('does not take an input for labels', () => {
    expect(matched(dataOf(['label', 'y']), [port('label')], {})).to.include({labels: 'y'})
  })

  it('takes an input for labels of next tokens where it is asked for by name', () => {
    const of = (...parts: Parameters<typeof matchArrays>) => {
      const {labels, areNext} = matchArrays(...parts)
      return [labels?.name, areNext]
    }
    expect(of(dataOf(['ids', 'y']), [port('ids')], {}, 'ids')).to.deep.equal(['ids', true])
    expect(of(dataOf(['ids']), [port('tokens')], {ids: 'tokens'}, 'ids')).to.deep.equal(['ids', true])
    expect(of(dataOf(['ids', 'y']), [port('ids')], {}, 'y')).to.deep.equal(['y', false])
    expect(of(dataOf(['ids', 'y']), [port('ids')], {})).to.deep.equal(['y', false])
  })

  it('refuses a map and a column of labels that name what is not there', () => {
    expect(() => matchArrays(dataOf(['a']), [port('x')], {b: 'x'})).to.throw(
      DataError,
      "--map expects one of the arrays 'a', got 'b'",
    )
    expect(() => matchArrays(dataOf(['a']), [port('x')], {a: 'z'})).to.throw(
      DataError,
      "expected one of the inputs 'x', got 'z'",
    )
    expect(() => matchArrays(dataOf(['a']), [port('a')], {}, 'z')).to.throw(DataError, '--label-column')
  })

  it('minds an array that cannot be read only when it is needed', () => {
    expect(matched(dataOf(['x'], ['names']), [port('x')], {})).to.deep.equal({
      inputs: [['x', 'x']],
      labels: undefined,
      notes: 1,
    })
    expect(() => matchArrays(dataOf(['x'], ['a']), [port('x'), port('a')], {})).to.throw(DataError, 'a is text')
  })
})
