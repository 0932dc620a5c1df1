import {expect} from 'chai'
import {compileLoop, simdMemory, type Term, termArithmetic} from '../../../src/train/loop/simd-loop.js'

const {add, subtract, multiply, divide, squareRoot} = termArithmetic
const [A, B]: [Term, Term] = [
  {kind: 'array', index: 0},
  {kind: 'array', index: 1},
]
const [K, L]: [Term, Term] = [
  {kind: 'number', index: 0},
  {kind: 'number', index: 1},
]

describe('compileLoop', () => {
  it('computes every operation as float32 arithmetic does, for any count', () => {
    const memory = simdMemory(1 << 16)
    const term = subtract(divide(squareRoot(A), B), add(multiply(K, A), L))
    const loop = compileLoop({arrays: 2, numbers: 2, writes: [{array: 1, term}]}, memory)
    for (const count of [1, 3, 4, 5, 64, 1001]) {
      const [a, b] = views(memory.buffer, 1004)
      a.forEach((_, index) => {
        a[index] = Math.abs(Math.sin(index + 1))
        b[index] = 1 + Math.cos(index) ** 2
      })
      const expected = [...a].map((x, index) =>
        round(round(round(Math.sqrt(x)) / (b[index] as number)) - round(round(x * 0.5) + 3)),
      )
      loop([a.byteOffset, b.byteOffset], count, [0.5, 3])
      expect([...b.subarray(0, count)]).to.deep.equal(expected.slice(0, count))
    }
  })

  it('reads all arrays before it writes any, and computes what is used twice once', () => {
    const memory = simdMemory(1 << 16)
    const sum = add(A, B)
    const writes = [
      {array: 0, term: sum},
      {array: 1, term: subtract(sum, A)},
    ]
    const [a, b] = views(memory.buffer, 4)
    a.set([1, 2, 3, 4])
    b.set([10, 20, 30, 40])
    compileLoop({arrays: 2, numbers: 0, writes}, memory)([a.byteOffset, b.byteOffset], 4, [])
    expect([...a]).to.deep.equal([11, 22, 33, 44])
    expect([...b]).to.deep.equal([10, 20, 30, 40])
  })

  it('does nothing without elements', () => {
    const memory = simdMemory(1 << 16)
    const [a] = views(memory.buffer, 4)
    a.fill(7)
    compileLoop({arrays: 1, numbers: 1, writes: [{array: 0, term: multiply(K, A)}]}, memory)([0], 0, [2])
    expect([...a]).to.deep.equal([7, 7, 7, 7])
  })
})

function views(buffer: ArrayBuffer, length: number): [Float32Array, Float32Array] {
  return [new Float32Array(buffer, 0, length), new Float32Array(buffer, 4 * length, length)]
}

/** IEEE 754: an operation on two floats, rounded from float64, is the operation on floats. */
function round(value: number): number {
  return Math.fround(value)
}
