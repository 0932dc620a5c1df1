import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {doctorSummary} from '../../src/cli/doctor-summary.js'
import type {DoctorResult} from '../../src/results.js'
import {benchFixture} from '../report/bench-result.js'

describe('doctorSummary', () => {
  const text = (providers: DoctorResult['providers'], features = ['avx2']) =>
    stripVTControlCharacters(
      doctorSummary({
        ...{schemaVersion: 1, command: 'doctor', warnings: [], advice: ['use int8']},
        ...{machine: {...benchFixture.machine, features}, providers},
      } as DoctorResult),
    )

  it('lists machine and advice, unknown features as such', () => {
    expect(text([])).to.match(/^int8 features +avx2$/m)
    expect(text([], [])).to.match(/^int8 features +unknown$/m)
    expect(text([])).to.match(/^- use int8$/m)
  })

  it('says of a provider that does not load why, and how to get it', () => {
    const providers = [
      {name: 'cpu', bundled: true, loads: true, reason: null, install: null},
      {name: 'cuda', bundled: false, loads: false, reason: 'no library', install: 'npm install it'},
      {name: 'webgpu', bundled: true, loads: false, reason: null, install: null},
    ] as unknown as DoctorResult['providers']
    expect(text(providers)).to.contain(
      [
        'cpu: loads',
        'cuda: does not load (its files are not in the npm package)',
        '  reason:  no library',
        '  install: npm install it',
        'webgpu: does not load\n',
      ].join('\n'),
    )
  })
})
