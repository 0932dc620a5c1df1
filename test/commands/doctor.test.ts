import {expect} from 'chai'
import {doctorResult} from '../../src/results.js'
import {runMopt} from '../support/run-mopt.js'

describe('mopt doctor', () => {
  it('gives the documented JSON: the CPU runs models, what does not load has a reason and a next step', async () => {
    const {code, stdout, stderr} = await runMopt(['doctor', '--json'])
    expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
    const {machine, providers, advice} = doctorResult.strict().parse(JSON.parse(stdout))
    expect(machine.onnxruntime).to.match(/^1\.\d+\.\d+$/)
    expect(providers.find(({name}) => name === 'cpu')).to.include({bundled: true, loads: true, reason: null})
    for (const {name, loads, reason, install} of providers) {
      if (!loads) expect([reason, install], name).to.satisfy((texts: unknown[]) => texts.every(Boolean))
    }
    expect(advice).not.to.be.empty
  })

  it('prints for people what the machine is and which providers load', async () => {
    const {code, stdout} = await runMopt(['doctor'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^Machine\ncpu /)
    expect(stdout).to.match(/^cpu: loads$/m)
  })
})
