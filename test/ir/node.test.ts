import {expect} from 'chai'
import {float, floats, tensorAttribute} from '../../src/ir/attribute.js'
import {Graph} from '../../src/ir/graph.js'
import {float32} from '../../src/ir/tensor.js'

function nodeOf() {
  return new Graph().append({opType: 'Op', inputs: []})
}

describe('Node', () => {
  it('reads attributes by their type, and gives the fallback for another type or none', () => {
    const node = nodeOf().set('axis', -1).set('alpha', float(0.5)).set('mode', 'wrap').set('pads', [1, 2])
    expect([node.int('axis', 0), node.float('alpha', 1), node.string('mode', ''), node.ints('pads', [])]).to.deep.equal(
      [-1, 0.5, 'wrap', [1, 2]],
    )
    expect(node.float('axis', 7)).to.equal(7)
    expect(node.int('alpha', undefined)).to.equal(undefined)
    expect(node.ints('axis', undefined)).to.equal(undefined)
    expect(node.string('missing', 'NOTSET')).to.equal('NOTSET')
  })

  it('saturates integers beyond the exact ones: INT64_MAX means "to the end"', () => {
    const node = nodeOf()
      .set('end', 2n ** 63n - 1n)
      .set('start', -(2n ** 63n))
    expect(node.int('end', 0)).to.equal(Number.MAX_SAFE_INTEGER)
    expect(node.int('start', 0)).to.equal(Number.MIN_SAFE_INTEGER)
  })

  it('reads lists of numbers and of texts', () => {
    const node = nodeOf()
      .set('scales', floats([0.5, 2]))
      .set('keys', ['a', 'ß'])
    expect(node.floats('scales', [])).to.deep.equal([0.5, 2])
    expect(node.strings('keys', [])).to.deep.equal(['a', 'ß'])
  })

  it('takes an attribute named like something of the language for what it is: absent or set', () => {
    const node = nodeOf()
    expect(node.int('__proto__', 4)).to.equal(4)
    expect(node.set('__proto__', 5).int('__proto__', 4)).to.equal(5)
  })

  it('gives its tensor and its subgraphs', () => {
    const [body, tensor] = [new Graph('body'), float32([1])]
    const node = nodeOf().set('value', tensorAttribute(tensor)).set('body', body)
    expect(node.tensor('value')).to.equal(tensor)
    expect(node.tensor('body')).to.equal(undefined)
    expect(node.subgraph('body')).to.equal(body)
    expect(node.subgraphs).to.deep.equal([body])
  })
})
