import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {OutputNumbers} from '../../../src/runtime/compare/output-numbers.js'

describe('OutputNumbers', () => {
  it('has a number of its own for every string, the same for both models', () => {
    const numbers = new OutputNumbers()
    const of = (...texts: string[]) => [...numbers.of(new Tensor('string', texts, [texts.length]))]
    const [a, b, again] = of('a', '__proto__', 'a') as [number, number, number]
    expect(a).to.equal(again)
    expect(a).not.to.equal(b)
    expect(of('__proto__', 'c')).to.deep.equal([b, 2])
  })

  it('keeps large integers apart, which float32 would not', () => {
    const big = 2n ** 53n
    const longs = new Tensor('int64', BigInt64Array.of(big, big - 1n), [2])
    expect([...new OutputNumbers().of(longs)]).to.deep.equal([2 ** 53, 2 ** 53 - 1])
    const ints = new Tensor('int32', Int32Array.of(16777217, -16777217), [2])
    expect([...new OutputNumbers().of(ints)]).to.deep.equal([16777217, -16777217])
  })

  it('does not copy float32, and decodes float16 and bools', () => {
    const data = Float32Array.of(1, 2)
    expect(new OutputNumbers().of(new Tensor('float32', data, [2]))).to.equal(data)
    const halves = new Tensor('float16', Uint16Array.of(0x3c00, 0xc000), [2])
    expect([...new OutputNumbers().of(halves)]).to.deep.equal([1, -2])
    expect([...new OutputNumbers().of(new Tensor('bool', Uint8Array.of(1, 0), [2]))]).to.deep.equal([1, 0])
  })
})
