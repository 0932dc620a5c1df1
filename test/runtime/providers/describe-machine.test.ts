import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {machine} from '../../../src/results.js'
import {cpuFeatures, describeMachine, runtimeVersion} from '../../../src/runtime/providers/describe-machine.js'

describe('describeMachine', () => {
  it('fits the schema and knows the processor', () => {
    const described = machine.parse(describeMachine())
    expect(described.cpu).to.not.equal('')
    expect(described.cores).to.be.greaterThan(0)
    expect(described.node).to.equal(process.version)
  })

  it('reads the version of ONNX Runtime without loading it', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {packages: Record<string, {version: string}>}
    expect(runtimeVersion()).to.equal(lock.packages['node_modules/onnxruntime-node']?.version)
  })

  it('lists only features that decide int8 speed, each once', () => {
    const features = cpuFeatures()
    expect(new Set(features).size).to.equal(features.length)
    expect(features.every((name) => /^(avx|amx|asimd|i8mm|sve)/.test(name))).to.equal(true)
  })
})
