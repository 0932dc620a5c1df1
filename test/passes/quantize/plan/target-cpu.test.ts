import {expect} from 'chai'
import {targetCpu} from '../../../../src/passes/quantize/plan/target-cpu.js'

describe('targetCpu', () => {
  it('takes the whole range where four products are added into 32 bits, half of it elsewhere', () => {
    expect(targetCpu('vnni', 'x64', [])).to.deep.equal({name: 'vnni', peak: 127})
    expect(targetCpu('arm64', 'x64', [])).to.deep.equal({name: 'arm64', peak: 127})
    expect(targetCpu('avx2', 'x64', ['avx512_vnni'])).to.deep.equal({name: 'avx2', peak: 64})
    expect(targetCpu('any', 'arm64', [])).to.deep.equal({name: 'any', peak: 64})
  })

  it('reads what the host can do', () => {
    expect(targetCpu('host', 'x64', ['avx2', 'fma'])).to.deep.equal({name: 'avx2', peak: 64})
    expect(targetCpu('host', 'x64', ['avx2', 'avx_vnni'])).to.deep.equal({name: 'vnni', peak: 127})
    expect(targetCpu('host', 'arm64', [])).to.deep.equal({name: 'arm64', peak: 127})
  })
})
