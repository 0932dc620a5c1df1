import {expect} from 'chai'
import {mean, standardDeviation} from 'simple-statistics'
import {generateInputs} from '../../../src/runtime/inputs/generate-inputs.js'
import type {InputPlan} from '../../../src/runtime/inputs/plan-inputs.js'

describe('generateInputs', () => {
  const floats: InputPlan = {name: 'x', dtype: 'float32', shape: [100, 100], fill: {kind: 'normal'}}

  it('gives standard normal values, the same for the same seed', () => {
    const values = Array.from(generateInputs([floats], 5).x?.data as Float32Array)
    expect(mean(values)).to.be.closeTo(0, 0.05)
    expect(standardDeviation(values)).to.be.closeTo(1, 0.05)
    expect(Array.from(generateInputs([floats], 5).x?.data as Float32Array)).to.deep.equal(values)
    expect(Array.from(generateInputs([floats], 6).x?.data as Float32Array)).to.not.deep.equal(values)
  })

  it('begins differently for seeds that follow each other', () => {
    const firsts = Array.from({length: 64}, (_, seed) => Number(generateInputs([floats], seed).x?.data[0]))
    expect(mean(firsts)).to.be.closeTo(0, 0.4)
    expect(standardDeviation(firsts)).to.be.closeTo(1, 0.3)
    // differences of neighbours that know nothing of each other have a variance of 2
    const steps = firsts.slice(1).map((value, index) => (value - (firsts[index] as number)) ** 2)
    expect(mean(steps)).to.be.greaterThan(1)
  })

  it('keeps ids below their table and uses all of it', () => {
    const plan: InputPlan = {name: 'ids', dtype: 'int64', shape: [500], fill: {kind: 'integers', below: 5}}
    const ids = generateInputs([plan], 0).ids?.data as BigInt64Array
    expect(Array.from(new Set(ids), Number).sort()).to.deep.equal([0, 1, 2, 3, 4])
  })

  it('writes constants in the type of the input', () => {
    const ones = (dtype: 'bool' | 'float16' | 'int32') =>
      generateInputs([{name: 'm', dtype, shape: [2], fill: {kind: 'constant', value: 1}}], 0).m?.data
    expect(ones('bool')).to.deep.equal(Uint8Array.of(1, 1))
    expect(ones('int32')).to.deep.equal(Int32Array.of(1, 1))
    expect(ones('float16')).to.deep.equal(Uint16Array.of(0x3c00, 0x3c00))
  })

  it('gives a scalar one value', () => {
    const plan: InputPlan = {name: 'sr', dtype: 'int64', shape: [], fill: {kind: 'constant', value: 1}}
    expect(generateInputs([plan], 0).sr).to.deep.equal({dtype: 'int64', shape: [], data: BigInt64Array.of(1n)})
  })
})
