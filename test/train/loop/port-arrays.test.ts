import {expect} from 'chai'
import {portArrays} from '../../../src/train/loop/port-arrays.js'

describe('portArrays', () => {
  const ports = [
    {name: 'w', gradient: 'dw', shape: [2, 1]},
    {name: '__proto__', gradient: 'constructor', shape: []},
  ]
  const arrays = [Float32Array.of(1, 2), Float32Array.of(3)]

  it('gives each array under the name asked for, not copied', () => {
    const byName = portArrays(ports, 'name', arrays)
    expect(byName.w).to.deep.equal({dtype: 'float32', shape: [2, 1], data: arrays[0]})
    expect(byName.w?.data).to.equal(arrays[0])
    expect(Object.keys(portArrays(ports, 'gradient', arrays))).to.deep.equal(['dw', 'constructor'])
  })

  it('has an entry for a port named like something of the language', () => {
    expect(Object.entries(portArrays(ports, 'name', arrays)).map(([name]) => name)).to.deep.equal(['w', '__proto__'])
  })
})
