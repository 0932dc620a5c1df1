import {expect} from 'chai'
import {int8Advice} from '../../../src/pipelines/doctor/int8-advice.js'

describe('int8Advice', () => {
  for (const [architecture, features, text] of [
    ['x64', ['avx2', 'avx512f', 'avx512_vnni', 'amx_int8'], /^amx_int8/],
    ['x64', ['avx2', 'avx_vnni'], /^vnni/],
    ['x64', ['avx2', 'avx512f'], /^avx512 without vnni.*-64\.\.64/],
    ['x64', ['avx2'], /^avx2 without vnni.*-64\.\.64/],
    ['x64', ['amx_tile'], /^no avx2/],
    ['x64', [], /^the system does not tell/],
    ['arm64', ['asimd', 'asimddp', 'i8mm'], /^i8mm/],
    ['arm64', ['asimd', 'asimddp'], /^asimddp/],
    ['arm64', ['asimd'], /^no dot-product/],
  ] as const) {
    it(`tells ${architecture} with ${features.join(', ') || 'nothing known'} by its best instructions`, () => {
      expect(int8Advice(architecture, features)[0]).to.match(text)
    })
  }
})
