import {expect} from 'chai'
import type {InferenceSession} from 'onnxruntime-node'
import {UnsupportedError} from '../../../src/errors.js'
import {comparableNames, inputPorts, outputPorts} from '../../../src/runtime/session/ports.js'

const port = (name: string, type: string, shape: (number | string)[]) => ({name, isTensor: true, type, shape})
const session = (ports: object[]) => ({inputMetadata: ports, outputMetadata: ports}) as unknown as InferenceSession

describe('inputPorts', () => {
  it('fills free sizes in by their names; those without a name stay unknown', () => {
    expect(inputPorts(session([port('x', 'float32', ['N', 3, ''])]), {N: 4})).to.deep.equal([
      {name: 'x', dtype: 'float32', shape: [4, 3, undefined]},
    ])
  })

  it('does not take a size called like a part of every object for known', () => {
    expect(inputPorts(session([port('x', 'float32', ['constructor', 'toString'])]))[0]?.shape).to.deep.equal([
      'constructor',
      'toString',
    ])
  })

  it('refuses what cannot be fed, and types that mopt does not know', () => {
    expect(() => inputPorts(session([{name: 's', isTensor: false}]))).to.throw(UnsupportedError, "input 's'")
    expect(() => inputPorts(session([port('x', 'float3', [])]))).to.throw(UnsupportedError, "'float3'")
  })
})

describe('outputPorts and comparableNames', () => {
  it('leave out sequences; strings can be compared, not fed on', () => {
    const outputs = session([port('y', 'int64', ['N']), port('words', 'string', [1]), {name: 's', isTensor: false}])
    expect(outputPorts(outputs)).to.deep.equal([{name: 'y', dtype: 'int64', shape: ['N']}])
    expect(comparableNames(outputs)).to.deep.equal(['y', 'words'])
  })
})
