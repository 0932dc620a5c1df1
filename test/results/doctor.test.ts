import {expect} from 'chai'
import {doctorResult} from '../../src/results/doctor.js'
import {benchFixture} from '../report/bench-result.js'

describe('doctorResult', () => {
  const provider = {name: 'cuda', bundled: false, loads: false, reason: 'no library', install: null}
  const document = {schemaVersion: 1, command: 'doctor', warnings: [], machine: benchFixture.machine, advice: []}

  it('says of every provider whether it loads, and has null where there is no more to say', () => {
    expect(doctorResult.safeParse({...document, providers: [provider]}).success).to.equal(true)
    expect(doctorResult.safeParse({...document, providers: []}).success).to.equal(true)
    expect(doctorResult.safeParse({...document, providers: [{...provider, loads: undefined}]}).success).to.equal(false)
    expect(doctorResult.safeParse({...document, providers: [{...provider, install: undefined}]}).success).to.equal(
      false,
    )
  })
})
