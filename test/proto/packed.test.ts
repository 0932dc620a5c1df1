import {expect} from 'chai'
import {blocksLength, joinBlocks, unpackInt32, unpackInt64, unpackUint32} from '../../src/proto/packed.js'
import {WireError} from '../../src/proto/wire-error.js'

/** A block that is read when it is asked for. */
const later = (...bytes: number[]) => ({byteLength: bytes.length, read: () => Uint8Array.from(bytes)})
/** −1 as protobuf writes it: ten bytes. */
const MINUS_ONE = [...Array(9).fill(0xff), 0x01]

describe('joinBlocks', () => {
  it('puts blocks behind each other, whether they are in memory or not', () => {
    expect([...joinBlocks([Uint8Array.of(1, 2), later(3)])]).to.deep.equal([1, 2, 3])
    expect([...joinBlocks([])]).to.deep.equal([])
    expect(blocksLength([Uint8Array.of(1, 2), later(3)])).to.equal(3)
  })
})

describe('unpackInt32', () => {
  it('reads varints across the border of two blocks', () => {
    const target = new Int32Array(3)
    unpackInt32([Uint8Array.of(5, 0xac), later(0x02, ...MINUS_ONE)], target)
    expect([...target]).to.deep.equal([5, 300, -1])
  })

  it('cuts numbers to the width of the array', () => {
    const target = new Int8Array(2)
    unpackInt32([Uint8Array.of(0xff, 0x01, 0x80, 0x01)], target)
    expect([...target]).to.deep.equal([-1, -128])
  })

  it('refuses fewer and more numbers than there should be', () => {
    expect(() => unpackInt32([Uint8Array.of(1)], new Int32Array(2))).to.throw(WireError, 'expected 2 numbers, got 1')
    expect(() => unpackInt32([Uint8Array.of(1, 2)], new Int32Array(1))).to.throw(WireError, 'got more')
    expect(() => unpackInt32([Uint8Array.of(1)], new Int32Array(0))).to.throw(WireError, 'got more')
  })

  it('refuses a number that is cut off', () => {
    expect(() => unpackInt32([Uint8Array.of(1, 0xac)], new Int32Array(2))).to.throw(WireError)
  })
})

describe('unpackUint32 and unpackInt64', () => {
  it('read numbers of which the highest bit is set', () => {
    const [small, large] = [new Uint32Array(1), new BigInt64Array(2)]
    unpackUint32([Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)], small)
    expect([...small]).to.deep.equal([2 ** 32 - 1])
    unpackInt64([Uint8Array.of(...MINUS_ONE, 7)], large)
    expect([...large]).to.deep.equal([-1n, 7n])
  })

  it('write into a part of a buffer only', () => {
    const buffer = new BigUint64Array(3).fill(9n)
    unpackInt64([Uint8Array.of(4)], buffer.subarray(1, 2))
    expect([...buffer]).to.deep.equal([9n, 4n, 9n])
  })
})
