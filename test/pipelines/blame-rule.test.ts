import {expect} from 'chai'
import type {Rule} from '../../src/passes/simplify/rule.js'
import {blameRule} from '../../src/pipelines/blame-rule.js'

const rules: readonly Rule[] = Array.from({length: 13}, (_, index) => ({
  name: `rule-${index}`,
  create: () => ({name: `rule-${index}`, run: () => ({changed: [], skipped: []})}),
}))

describe('blameRule', () => {
  for (const bad of rules) {
    it(`finds ${bad.name} in few steps`, async () => {
      let steps = 0
      const error = await blameRule(rules, 'output y differs', async (some) => {
        steps++
        return some.includes(bad)
      })
      expect(error.exitCode).to.equal(70)
      expect(error.message).to.match(/output y differs/)
      expect(error.hint).to.include(`--skip ${bad.name},`)
      expect(steps).to.be.at.most(5)
    })
  }

  it('blames the opset upgrade when no rule is needed for the difference', async () => {
    const error = await blameRule(rules, 'output y differs', async () => true)
    expect(error.hint).to.include('--opset')
  })
})
