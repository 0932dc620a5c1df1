import {expect} from 'chai'
import {
  installAdvice,
  isForThisPlatform,
  PROVIDER_NAMES,
  wrongPlatform,
} from '../../../src/runtime/providers/provider-guide.js'

describe('isForThisPlatform', () => {
  it('knows the CPU everywhere and no provider that does not exist', () => {
    expect(isForThisPlatform('cpu')).to.equal(true)
    for (const name of ['tpu', '', 'constructor', '__proto__', 'toString']) {
      expect(isForThisPlatform(name), name).to.equal(false)
    }
  })

  it('does not put a provider of Apple and one of Windows on the same machine', () => {
    expect([isForThisPlatform('coreml'), isForThisPlatform('dml')].filter(Boolean).length).to.be.at.most(1)
  })
})

describe('wrongPlatform and installAdvice', () => {
  it('say where a provider exists, and what this is', () => {
    const here = `${process.platform}/${process.arch}`
    expect(wrongPlatform('coreml')).to.equal(`coreml exists on darwin only, this is ${here}`)
    expect(wrongPlatform('constructor')).to.equal(`constructor exists on no known platform only, this is ${here}`)
  })

  it('have a step for every provider that can work here, the platform for the others', () => {
    for (const name of PROVIDER_NAMES) {
      const isHere = isForThisPlatform(name)
      expect(installAdvice(name).includes(' only, this is '), name).to.equal(!isHere)
    }
  })
})
